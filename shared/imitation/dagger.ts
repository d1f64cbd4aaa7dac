import { type Dataset, finish, type Policy, type PolicyKind } from "../policies/policy.ts";
import type { Query } from "../queries/query.ts";
import { Stream, seeded } from "../random.ts";
import { width } from "../spaces.ts";
import { Controller, type Episode, replay, type Trajectory } from "../worlds/episode.ts";
import type { Measured } from "../worlds/level.ts";
import type { World } from "../worlds/world.ts";
import { aggregate, type Label, pairsOf } from "./dataset.ts";
import type { Expert } from "./experts.ts";
import { driverOf, rollout, rolloutTogether } from "./rollout.ts";

/** What to learn with, and what to ask. */
export interface Method {
  readonly kind: PolicyKind;
  readonly query: Query;
  /** Most states to ask about in a round. */
  readonly budget: number;
  /** Most pairs to learn from, the demonstrations' included; without it there is no end to them. */
  readonly labels?: number;
  /** Episodes that the learner drives in a round. */
  readonly drives: number;
}

/** A visited state that the expert is asked about: time step `t` of drive number `drive`. */
export interface Question {
  readonly drive: number;
  readonly t: number;
  /** [stateSize] */
  readonly state: Float64Array;
  /** What the learner would do there, or did. [width] */
  readonly proposed: Float64Array;
  /** What was done there by the expert, who was at the wheel; null where the learner was. [width] */
  readonly done: Float64Array | null;
}

/** An answer, and the question's other side: the action to learn is the expert's, and both are kept. */
export interface Answer extends Label {
  /** What the learner would have done. [width] */
  readonly proposed: Float64Array;
}

/** A round of the loop: its policy, and what went into it since the round before. */
export interface Round {
  readonly policy: Policy;
  /** Mean loss over {@link data}. */
  readonly loss: number;
  readonly data: Dataset;
  /** The roll-outs since the round before, and the answers they led to; none in the first round. */
  readonly drives: readonly Trajectory[];
  readonly answers: readonly Answer[];
}

/** Training: behavioural cloning on whatever data there is. `loss` is the mean over the data set. */
export function clone(
  data: Dataset,
  kind: PolicyKind,
  seed: number,
  progress?: (share: number) => void,
) {
  return finish(kind.fit(data, seeded(seed, Stream.learning)), progress);
}

/** The learner at the wheel, on fresh seeds drawn from `seed`, none of them below `firstSeed`. */
export function drive(
  world: World,
  policy: Policy,
  drives: number,
  seed: number,
  firstSeed: number,
): Episode[] {
  return freshSeeds(drives, seed, firstSeed).map((fresh) =>
    rollout(world, driverOf(world, policy), Controller.learner, fresh),
  );
}

/** The same, with the expert beside the learner and the wheel theirs as the query strategy says. */
function rollOut(
  world: World,
  policy: Policy,
  expert: Expert,
  { query: { gate }, drives }: Method,
  round: number,
  seed: number,
  firstSeed: number,
): Trajectory[] {
  const episodes = gate
    ? freshSeeds(drives, seed, firstSeed).map((fresh) => {
        const driver = expert.drives(seeded(fresh, Stream.expert));
        return rolloutTogether(
          world,
          policy,
          driver,
          gate(round, seeded(fresh, Stream.query)),
          fresh,
        );
      })
    : drive(world, policy, drives, seed, firstSeed);
  return episodes.map((episode) => replay(world, episode));
}

/** `method`, with no more questions than there are labels left to ask for. */
function within(method: Method, data: Dataset): Method {
  const left = Math.max(0, (method.labels ?? Number.POSITIVE_INFINITY) - data.n);
  return { ...method, budget: Math.min(method.budget, left) };
}

function freshSeeds(n: number, seed: number, firstSeed: number): number[] {
  const random = seeded(seed, Stream.query);
  return Array.from({ length: n }, () => firstSeed + random.below(2 ** 32 - firstSeed));
}

/** Which of the states visited in `drives` to ask the expert about. */
export function ask(
  world: World,
  policy: Policy,
  drives: readonly Trajectory[],
  { query, budget }: Pick<Method, "query" | "budget">,
  seed: number,
): Question[] {
  const wide = width(world.action);
  const visited = drives.flatMap(({ states, actions, controllers, length }, drive) =>
    Array.from({ length }, (_, t) => ({
      drive,
      t,
      state: states.subarray(t * world.stateSize, (t + 1) * world.stateSize),
      done:
        controllers[t] === Controller.expert ? actions.subarray(t * wide, (t + 1) * wide) : null,
    })),
  );
  const { observationSize } = world;
  const observations = new Float64Array(visited.length * observationSize);
  visited.forEach(({ state }, i) => {
    world.observe(state, observations.subarray(i * observationSize, (i + 1) * observationSize));
  });
  const expertDrove = Uint8Array.from(visited, ({ done }) => (done ? 1 : 0));
  const choice = query.choose(
    {
      n: visited.length,
      observationSize,
      observations,
      expertDrove,
      familiarity: policy.familiarity(),
    },
    budget,
    seeded(seed, Stream.query),
  );
  const learner = driverOf(world, policy);
  return choice.map((i) => {
    const proposed = new Float64Array(wide);
    learner(visited[i]!.state, proposed);
    return { ...visited[i]!, proposed };
  });
}

/** The expert's answers: what it did where it was at the wheel, and what it would have done elsewhere. */
export function answer(
  world: World,
  questions: readonly Question[],
  expert: Expert,
  seed: number,
): Answer[] {
  const answers = expert.answers(seeded(seed, Stream.expert));
  return questions.map(({ state, proposed, done }) => {
    const action = done ?? new Float64Array(width(world.action));
    if (!done) answers(state, action);
    return { state, proposed, action };
  });
}

/** The world's measure of `policy` on each of `seeds`. */
export function measure(world: Measured, policy: Policy, seeds: readonly number[]): number[] {
  return seeds.map((seed) => {
    const episode = rollout(world, driverOf(world, policy), Controller.learner, seed);
    return world.measure.of(replay(world, episode));
  });
}

/**
 * Dataset Aggregation (Ross, Gordon and Bagnell 2011, Algorithm 3.1): yields each round's policy,
 * the first of which is cloned from the demonstrations alone. Who drives in the roll-outs is the
 * query strategy's to say. A lesson goes through the same steps, with a person for `expert` and the
 * log between them.
 * @param seed round i draws from `seed` + i
 * @param firstSeed seeds below it are held out: no roll-out has one
 */
export function* dagger(
  world: World,
  demonstrations: readonly Trajectory[],
  method: Method,
  expert: Expert,
  seed: number,
  firstSeed: number,
): Generator<Round, never> {
  let data = pairsOf(world, demonstrations); //                               1. D ← demonstrations
  let drives: readonly Trajectory[] = [];
  let answers: readonly Answer[] = [];
  for (let round = 1, now = seed; ; round++, now++) {
    const { policy, loss } = clone(data, method.kind, now); //                2. train π on D
    yield { policy, loss, data, drives, answers };
    drives = rollOut(world, policy, expert, method, round, now, firstSeed); // 3. roll π out
    const questions = ask(world, policy, drives, within(method, data), now); // 4. choose what to ask
    answers = answer(world, questions, expert, now); //                       5. ask the expert
    data = aggregate(world, data, answers); //                                6. D ← D ∪ answers
  }
}
