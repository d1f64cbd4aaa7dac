import { arithmetic } from "../../shared/arithmetic.ts";
import { pairsOf } from "../../shared/imitation/dataset.ts";
import { demonstrate, driverOf, rollout } from "../../shared/imitation/rollout.ts";
import { type Activation, activations } from "../../shared/policies/foreignNetwork.ts";
import { imported } from "../../shared/policies/imported.ts";
import { policyKinds } from "../../shared/policies/index.ts";
import { finish, type Policy } from "../../shared/policies/policy.ts";
import { queries } from "../../shared/queries/index.ts";
import { type Random, Stream, seeded } from "../../shared/random.ts";
import { Controller, replay, Simulation } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import type { World } from "../../shared/worlds/world.ts";

const drivesAWorld = 36;
/** Where policies of either kind of action learn, and who is asked what they ask. */
const schools = { continuous: worlds.path!, discrete: worlds.garden! };

/** A network from elsewhere for the path, with every activation. */
const foreign = {
  layers: [...(Object.keys(activations) as Activation[]), undefined].map((activation) => ({
    weights: [
      [0.7, -0.4],
      [0.3, 0.9],
    ],
    bias: [0.1, -0.2],
    activation,
  })),
};

/** SHA-256 of what engines have to agree on to the last bit, by world, kind of policy and query. */
export interface Bits {
  readonly arithmetic: string;
  /** Of states, observations, outcomes and the script's actions in drives at random. */
  readonly drives: Readonly<Record<string, string>>;
  /** Of the policy's JSON, as lessons store it. */
  readonly policies: Readonly<Record<string, string>>;
  /** Of what the policy does in a drive, and how unfamiliar each of its states is. */
  readonly rollouts: Readonly<Record<string, string>>;
  /** Of the states chosen in that drive, by query and policy. */
  readonly questions: Readonly<Record<string, string>>;
}

/** Computes them where it runs: in Node and in a page alike. */
export async function computeBits(): Promise<Bits> {
  const drives: Record<string, string> = {};
  for (const world of Object.values(worlds)) drives[world.name] = await sha256(drivesIn(world));

  const policies: Record<string, string> = {};
  const rollouts: Record<string, string> = {};
  const questions: Record<string, string> = {};
  const corrected = imported.correcting(foreign, schools.continuous.action);
  for (const kind of [...Object.values(policyKinds), corrected]) {
    const world = schools[kind.actions];
    const shown = [1, 2].map((seed) => replay(world, demonstrate(world, seed)));
    const { policy, loss } = finish(kind.fit(pairsOf(world, shown), seeded(1, Stream.learning)));
    policies[kind.name] = await sha256(JSON.stringify([policy, loss]));

    const driven = rollout(world, driverOf(world, policy), Controller.learner, 3);
    const { states, length } = replay(world, driven);
    const observations = observe(world, states);
    const unfamiliar = eachRow(observations, world.observationSize, length).map((observation) =>
      policy.uncertainty(observation),
    );
    rollouts[kind.name] = await sha256(JSON.stringify([driven.actions, unfamiliar]));
    for (const query of Object.values(queries)) {
      const chosen = query.choose(visited(world, policy, observations, length), 12, seeded(4));
      questions[`${query.name} of ${kind.name}`] = await sha256(JSON.stringify(chosen));
    }
  }
  return { arithmetic, drives, policies, rollouts, questions };
}

/** What happens in drives whose actions are drawn, and held for some steps as a hand would. */
function drivesIn(world: World): Float64Array {
  const seen: number[] = [];
  const observation = new Float64Array(world.observationSize);
  for (let seed = 0; seed < drivesAWorld; seed++) {
    const drive = new Simulation(world, seed);
    const random = seeded(seed, Stream.expert);
    const action = drawAction(world, random);
    const script = action.slice();
    while (!drive.over) {
      if (random.below(8) === 0) action.set(drawAction(world, random));
      world.observe(drive.state, observation);
      world.expert(drive.state, script);
      seen.push(...observation, ...script, drive.step(action), ...drive.state);
    }
  }
  return Float64Array.from(seen);
}

function drawAction({ action }: World, random: Random): Float64Array {
  if (action.kind === "discrete") return Float64Array.of(random.below(action.names.length));
  return Float64Array.from(
    action.low,
    (low, k) => low + random.uniform() * (action.high[k]! - low),
  );
}

function visited(world: World, policy: Policy, observations: Float64Array, n: number) {
  const { observationSize } = world;
  const expertDrove = new Uint8Array(n);
  return { n, observationSize, observations, expertDrove, familiarity: policy.familiarity() };
}

/** Observations of all states but the last, in which nothing is done. */
function observe(world: World, states: Float64Array): Float64Array {
  const n = states.length / world.stateSize - 1;
  const observations = new Float64Array(n * world.observationSize);
  const rows = eachRow(observations, world.observationSize, n);
  eachRow(states, world.stateSize, n).forEach((state, t) => {
    world.observe(state, rows[t]!);
  });
  return observations;
}

const eachRow = (flat: Float64Array, size: number, n: number) =>
  Array.from({ length: n }, (_, t) => flat.subarray(t * size, (t + 1) * size));

async function sha256(data: string | Float64Array): Promise<string> {
  const bytes =
    typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data.buffer);
  const digest = await crypto.subtle.digest("SHA-256", bytes as BufferSource);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
