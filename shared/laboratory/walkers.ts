import { linearReward } from "../irl/features.ts";
import { modelOf } from "../irl/lattice.ts";
import type { Mdp } from "../irl/mdp.ts";
import { valueIteration } from "../irl/planning.ts";
import { softValueIteration } from "../irl/soft.ts";
import type { Random } from "../random.ts";
import { replay, Simulation, type Trajectory } from "../worlds/episode.ts";
import type { Level } from "../worlds/level.ts";

/** How somebody follows a taste. */
export interface Walker {
  /** With the soft policy for β times the taste; without a mistake where it is infinite. */
  readonly beta: number;
  /** Standard deviation of what is added to each weight for the whole of a walk. */
  readonly mood: number;
}

/**
 * Walks in a world whose lattice has its own actions and a horizon.
 * @param taste [k]
 */
export function walksBy(
  world: Level,
  taste: Float64Array,
  { beta, mood }: Walker,
  walks: number,
  random: Random,
): Trajectory[] {
  const { mdp, features } = modelOf(world);
  const [plan, scale] = Number.isFinite(beta) ? [softValueIteration, beta] : [valueIteration, 1];
  const policyFor = (weights: Float64Array) => plan(mdp, linearReward(features, weights)).policy;
  const meant = taste.map((weight) => scale * weight);
  const usual = policyFor(meant);
  return Array.from({ length: walks }, () => {
    const today = () => policyFor(meant.map((weight) => weight + mood * random.normal()));
    return walkBy(world, mood > 0 ? today() : usual, random);
  });
}

/** @param policy [t][cell][a] */
function walkBy(world: Level, policy: Float64Array, random: Random): Trajectory {
  const seed = random.below(2 ** 32);
  const drive = new Simulation(world, seed);
  const { nStates, nActions } = world.lattice;
  const actions: number[] = [];
  while (!drive.over) {
    const row = (drive.time * nStates + world.lattice.cellOf(drive.state)) * nActions;
    let a = 0;
    for (let left = random.uniform() - policy[row]!; left >= 0 && a < nActions - 1; )
      left -= policy[row + ++a]!;
    actions.push(a);
    drive.step(Float64Array.of(a));
  }
  const controllers = actions.map(() => 0);
  return replay(world, { world: world.name, seed, actions, controllers });
}

/**
 * An episode in a model over a finite horizon.
 * @param policy [t][s][a]
 * @param first where it starts
 */
export function episodeFrom(
  { nStates, nActions, offsets, next, probability, horizon }: Mdp,
  policy: Float64Array,
  first: number,
  random: Random,
): { states: number[]; actions: number[] } {
  const states = [first];
  const actions: number[] = [];
  for (let t = 0; t < horizon; t++) {
    const s = states[t]!;
    const row = (t * nStates + s) * nActions;
    const a = drawOf(policy.subarray(row, row + nActions), random);
    const from = offsets[s * nActions + a]!;
    const outcomes = probability.subarray(from, offsets[s * nActions + a + 1]!);
    actions.push(a);
    states.push(next[from + drawOf(outcomes, random)]!);
  }
  return { states, actions };
}

/** An index drawn from this distribution. */
export function drawOf(probabilities: Float64Array, random: Random): number {
  const last = probabilities.length - 1;
  let left = random.uniform();
  for (let i = 0; i < last; i++) {
    left -= probabilities[i]!;
    if (left < 0) return i;
  }
  return last;
}
