import { type Dataset, finish, type Policy, type PolicyKind } from "../policies/policy.ts";
import type { Query } from "../queries/query.ts";
import { Stream, seeded } from "../random.ts";
import { width } from "../spaces.ts";
import { Controller, type Episode, replay, type Trajectory } from "../worlds/episode.ts";
import type { Level } from "../worlds/level.ts";
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
  /** Most pairs to learn from, the demonstrations' included; no limit without it. */
  readonly labels?: number;
  /** Episodes that the learner drives in a round. */
  readonly drives: number;
}

/** What rounds depend on besides the demonstrations, the method and the seed. */
export interface RoundOptions {
  /** Seeds below it are held out: no rollout has one. */
  readonly firstSeed: number;
  /** The labels that are known before the first of these rounds; none without it. */
  readonly labels?: readonly Label[];
  /** What the fit of every round draws from, so that only data tell policies apart; without it the first round's seed. */
  readonly learningSeed?: number;
  /** Drives beside the learner in the rollouts, where the query strategy has a gate. */
  readonly expert?: Expert;
  /** Told the share of each fit that is done; 1 when the fit is over. */
  readonly progress?: (share: number) => void;
}

/** An episode of the learner's, and everything that follows from it. */
export interface Rollout extends Trajectory {
  readonly episode: Episode;
}

/** A state that was visited: time step `t` of rollout number `drive`. */
export interface Visit {
  readonly drive: number;
  readonly t: number;
  /** [stateSize] */
  readonly state: Float64Array;
  /** What the expert did there, where it was at the wheel; null where the learner was. [width] */
  readonly done: Float64Array | null;
}

/** A visited state that the expert is asked about. */
export interface Question extends Visit {
  /** What the learner would do there, or did. [width] */
  readonly proposed: Float64Array;
}

/** A round that waits for the answers to its questions. */
export interface OpenRound {
  readonly policy: Policy;
  /** Mean loss over {@link data}. */
  readonly loss: number;
  /** What the policy was trained on. */
  readonly data: Dataset;
  readonly rollouts: readonly Rollout[];
  readonly questions: readonly Question[];
}

const steps = { begin, fit, rollOut, choose, ask, aggregate };

/** The name of a step of the round, as {@link rounds} calls it. */
export type RoundStep = keyof typeof steps;

/** The data to begin with: what the expert did in the demonstrations, then the labels known so far. */
function begin(
  world: World,
  demonstrations: readonly Trajectory[],
  labels: readonly Label[],
): Dataset {
  return aggregate(world, pairsOf(world, demonstrations), labels);
}

/** Behavioural cloning: trains a policy on all of `data`. `loss` is the mean over the data. */
export function fit(
  data: Dataset,
  kind: PolicyKind,
  seed: number,
  progress?: (share: number) => void,
) {
  const fitted = finish(kind.fit(data, seeded(seed, Stream.learning)), progress);
  progress?.(1);
  return fitted;
}

/**
 * The learner drives from fresh starts. Where the query strategy has a gate, the expert is beside it
 * and drives the steps that the gate says.
 * @param round 1 for the first
 * @throws RangeError where there is a gate and no expert
 */
export function rollOut(
  world: World,
  policy: Policy,
  { query, drives }: Pick<Method, "query" | "drives">,
  { firstSeed, expert }: Pick<RoundOptions, "firstSeed" | "expert">,
  round: number,
  seed: number,
): Rollout[] {
  const random = seeded(seed, Stream.query);
  return Array.from({ length: drives }, () => {
    const start = firstSeed + random.below(2 ** 32 - firstSeed);
    const gate = query.gate?.(round, seeded(start, Stream.query));
    if (gate && !expert) throw new RangeError(`${query.name} needs an expert at the wheel`);
    const episode =
      gate && expert
        ? rolloutTogether(world, policy, expert.drives(seeded(start, Stream.expert)), gate, start)
        : rollout(world, driverOf(world, policy), Controller.learner, start);
    return { ...replay(world, episode), episode };
  });
}

/**
 * Chooses which of the states visited in `rollouts` to ask about: at most `budget`, best first. A strategy that
 * ranks states has its choice of those in which an answer still matters: what is least familiar is else
 * the last moment before a crash that nobody can prevent.
 */
export function choose(
  world: World & Pick<Level, "isLost">,
  policy: Policy,
  rollouts: readonly Trajectory[],
  { query, budget }: Pick<Method, "query" | "budget">,
  seed: number,
): Visit[] {
  if (budget === 0) return [];
  const visits = rollouts
    .flatMap((rollout, drive) => visitsIn(world, rollout, drive))
    .filter(({ state }) => !query.isRanked || !world.isLost?.(state));
  const { observationSize } = world;
  const observations = new Float64Array(visits.length * observationSize);
  visits.forEach(({ state }, i) => {
    world.observe(state, observations.subarray(i * observationSize, (i + 1) * observationSize));
  });
  const visited = {
    n: visits.length,
    observationSize,
    observations,
    expertDrove: Uint8Array.from(visits, ({ done }) => (done ? 1 : 0)),
    familiarity: policy.familiarity(),
  };
  return query.choose(visited, budget, seeded(seed, Stream.query)).map((i) => visits[i]!);
}

function visitsIn(
  world: World,
  { states, actions, controllers, length }: Trajectory,
  drive: number,
): Visit[] {
  const wide = width(world.action);
  return Array.from({ length }, (_, t) => ({
    drive,
    t,
    state: states.subarray(t * world.stateSize, (t + 1) * world.stateSize),
    done: controllers[t] === Controller.expert ? actions.subarray(t * wide, (t + 1) * wide) : null,
  }));
}

/** Puts the question to the expert: what would you do here, where the learner would do this? */
export function ask(world: World, policy: Policy, visits: readonly Visit[]): Question[] {
  const learner = driverOf(world, policy);
  return visits.map((visit) => {
    const proposed = new Float64Array(width(world.action));
    learner(visit.state, proposed);
    return { ...visit, proposed };
  });
}

/** `method`, with no more questions than there are labels left to ask for. */
function within(method: Method, data: Dataset): Method {
  const left = Math.max(0, (method.labels ?? Number.POSITIVE_INFINITY) - data.n);
  return { ...method, budget: Math.min(method.budget, left) };
}

/**
 * Dataset Aggregation (Ross, Gordon and Bagnell 2011, Algorithm 3.1), round by round. It stops at each
 * round's questions and goes on with the answers that are sent to it, whoever gives them. A script
 * answers at once. A person takes their time, and the lesson's log keeps what they say: the next round
 * of a lesson begins here anew, with all labels in the log, and comes to the same policy and questions.
 * @param seed the first round draws starts and questions from it, the next from `seed` + 1, and so on
 */
export function* rounds(
  world: World,
  demonstrations: readonly Trajectory[],
  method: Method,
  seed: number,
  options: RoundOptions,
): Generator<OpenRound, never, readonly Label[]> {
  const { labels = [], learningSeed = seed, progress } = options;
  const { kind } = method;
  let data = steps.begin(world, demonstrations, labels); //                       1. D ← demonstrations
  for (let round = 1, now = seed; ; round++, now++) {
    const { policy, loss } = steps.fit(data, kind, learningSeed, progress); //    2. train π on D
    const rollouts = steps.rollOut(world, policy, method, options, round, now); // 3. roll π out
    const limits = within(method, data);
    const chosen = steps.choose(world, policy, rollouts, limits, now); //         4. choose what to ask
    const questions = steps.ask(world, policy, chosen); //                        5. ask the expert
    const answers = yield { policy, loss, data, rollouts, questions };
    data = steps.aggregate(world, data, answers); //                              6. D ← D ∪ answers
  }
}
