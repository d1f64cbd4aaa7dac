import { type Dataset, finish, type Policy, type PolicyKind } from "../policies/policy.ts";
import type { Query } from "../queries/query.ts";
import { Stream, seeded } from "../random.ts";
import { Controller, replay, type Trajectory } from "../worlds/episode.ts";
import type { World } from "../worlds/world.ts";
import { aggregate, type Label, pairsOf } from "./dataset.ts";
import { driverOf, rollout } from "./rollout.ts";

/** What to learn with, and what to ask. */
export interface Method {
  readonly kind: PolicyKind;
  readonly query: Query;
  /** Most states to ask about in a round. */
  readonly budget: number;
  /** Episodes that the learner drives in a round. */
  readonly drives: number;
}

/** A visited state that the expert is asked about: time step `t` of drive number `drive`. */
export interface Question {
  readonly drive: number;
  readonly t: number;
  /** [stateSize] */
  readonly state: Float64Array;
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
) {
  const random = seeded(seed, Stream.query);
  return Array.from({ length: drives }, () =>
    rollout(
      world,
      driverOf(world, policy),
      Controller.learner,
      firstSeed + random.below(2 ** 32 - firstSeed),
    ),
  );
}

/** Which of the states visited in `drives` to ask the expert about. */
export function ask(
  world: World,
  policy: Policy,
  drives: readonly Trajectory[],
  { query, budget }: Pick<Method, "query" | "budget">,
  seed: number,
): Question[] {
  const visited = drives.flatMap(({ states, length }, drive) =>
    Array.from({ length }, (_, t) => ({
      drive,
      t,
      state: states.subarray(t * world.stateSize, (t + 1) * world.stateSize),
    })),
  );
  const { observationSize } = world;
  const observations = new Float64Array(visited.length * observationSize);
  visited.forEach(({ state }, i) => {
    world.observe(state, observations.subarray(i * observationSize, (i + 1) * observationSize));
  });
  const choice = query.choose(
    { n: visited.length, observationSize, observations, familiarity: policy.familiarity() },
    budget,
    seeded(seed, Stream.query),
  );
  return choice.map((i) => visited[i]!);
}

/** The world's measure of `policy` on each of `seeds`. */
export function measure(world: World, policy: Policy, seeds: readonly number[]): number[] {
  return seeds.map((seed) => {
    const episode = rollout(world, driverOf(world, policy), Controller.learner, seed);
    return world.measure.of(replay(world, episode).outcomes);
  });
}

/**
 * Dataset Aggregation (Ross, Gordon and Bagnell 2011, Algorithm 3.1, with β₁ = 1 and 0 after):
 * yields the policy of each round, the first of which is cloned from the demonstrations alone.
 * A lesson goes through the same steps, with a person for `expert` and the log between them.
 */
export function* dagger(
  world: World,
  demonstrations: readonly Trajectory[],
  method: Method,
  expert: (question: Question) => ArrayLike<number>,
  seed: number,
  firstSeed: number,
): Generator<{ policy: Policy; data: Dataset }, never> {
  let data = pairsOf(world, demonstrations); //                           1. D ← demonstrations
  for (let round = seed; ; round++) {
    const { policy } = clone(data, method.kind, round); //                2. train π on D
    yield { policy, data };
    const drives = drive(world, policy, method.drives, round, firstSeed); // 3. roll π out
    const visited = drives.map((episode) => replay(world, episode));
    const labels = ask(world, policy, visited, method, round).map(
      (question): Label => ({ state: question.state, action: expert(question) }), // 4. ask the expert
    );
    data = aggregate(world, data, labels); //                             5. D ← D ∪ answers
  } //                                                                    6. go to 2
}
