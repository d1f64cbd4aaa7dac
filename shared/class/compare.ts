import { aggregate, noData, pairsOf } from "../imitation/dataset.ts";
import { disagreement } from "../imitation/disagreement.ts";
import { headlineIn } from "../imitation/headline.ts";
import { agreementOf, joined, pooled } from "../imitation/pool.ts";
import { fit } from "../imitation/round.ts";
import { mean, median } from "../imitation/statistics.ts";
import type { Lesson } from "../lesson/lesson.ts";
import { heldOutSeeds } from "../lesson/protocol.ts";
import { demonstrationsOf, labelsOf } from "../lesson/training.ts";
import { policyKinds } from "../policies/index.ts";
import type { Dataset, Policy } from "../policies/policy.ts";
import { Stream, seeded } from "../random.ts";
import { width } from "../spaces.ts";
import { worlds } from "../worlds/index.ts";
import type { Level } from "../worlds/level.ts";
import { traceIn } from "./drive.ts";
import type { Compared } from "./events.ts";
import { scoreOf } from "./progress.ts";
import type { Trace } from "./trace.ts";

export interface CompareTask {
  /** Numbers of the pupils whose lessons are compared, in the order of the lessons. */
  readonly pupils: readonly number[];
}

/** What the class's learner came to, and the drives of its learners, which have no number yet. */
export interface ComparedDrives {
  readonly compared: Compared;
  readonly pooled: Trace;
  readonly agreed: Trace;
  /** By pupil. */
  readonly swaps: Readonly<Record<number, Trace>>;
}

/** What is looked at of a lesson: what its newest learner learned from, and how that did. */
export interface Taught {
  readonly world: string;
  /** Key in the policy registry. */
  readonly policy: string;
  /** What its first learner drew from. */
  readonly draws: number;
  readonly shown: Dataset;
  readonly labels: Dataset;
  /** On the held-out starts. */
  readonly own: number;
  /** Of each validation start, see `RoundStart.validation`. */
  readonly validation: readonly number[];
  /** The event by which the newest learner was trained. */
  readonly trained: number;
}

/** @param lesson in which a learner was trained */
export function taughtIn(lesson: Lesson): Taught {
  const { world: name, rounds } = lesson;
  const world = worlds[name]!;
  const { plan, learningSeed, seed } = rounds[0]!;
  const last = rounds.at(-1)!;
  const labels = labelsOf(world, { ...lesson, rounds: rounds.slice(0, -1) });
  return {
    world: name,
    policy: plan.policy,
    draws: learningSeed ?? seed,
    shown: pairsOf(world, demonstrationsOf(lesson)),
    labels: aggregate(world, noData(world), labels),
    own: scoreOf(name, last),
    validation: last.validation ?? [],
    trained: last.seq,
  };
}

/** Pairs by which teachers are weighed, all of them together: each is weighed twice against all others. */
const weighed = 1500;
/** Places at which learners are compared, at most. */
const mostPlaces = 400;

/**
 * Compares the newest learners of a class's pupils with learners of all of them. Everybody's labels are those that their
 * newest learner was trained with, so that all are as old.
 * @param lessons whose learners were trained in the same way; two or more
 * @param tell told the share that is done, in [0, 1]
 */
export function compareLearners(
  lessons: readonly Taught[],
  { pupils }: CompareTask,
  tell: (share: number) => void = () => {},
): ComparedDrives {
  if (lessons.length < 2) throw new RangeError("two learners at least can be compared");
  const world = worlds[lessons[0]!.world]!;
  const { draws, policy } = lessons[0]!;
  const kind = policyKinds[policy]!;
  const headline = headlineIn(world);
  const data = lessons.map(({ shown, labels }) => pooled([shown, labels]));
  const own = lessons.map(({ own }) => own);
  const score = (policy: Policy) => headline.of(headline.from(policy, heldOutSeeds));
  const learn = (pairs: Dataset) => fit(pairs, kind, draws).policy;

  const learners = data.map(learn);
  tell(0.1);
  const all = learn(pooled(data));
  tell(0.2);
  const weights = agreementOf(
    data.map((pairs) => sample(pairs, Math.ceil(weighed / data.length))),
    kind,
    draws,
  );
  tell(0.5);
  const agreed = learn(joined(data, weights));
  tell(0.6);
  const swaps: Compared["swaps"][number][] = [];
  const swapped: Record<number, Trace> = {};
  for (const [i, pupil] of pupils.entries()) {
    const other = (i + 1) % pupils.length;
    const policy = learn(pooled([lessons[i]!.shown, lessons[other]!.labels]));
    swaps.push({ pupil, labelsOf: pupils[other]!, score: score(policy), own: own[i]! });
    swapped[pupil] = traceIn(world, policy, 0);
    tell(0.6 + (0.4 * (i + 1)) / pupils.length);
  }
  const best = bestOf(
    lessons.map(({ validation }) => headline.of(validation)),
    headline.better,
  );
  return {
    compared: {
      pupils,
      basis: lessons.map(({ trained }) => trained),
      labels: lessons.reduce((sum, { labels }) => sum + labels.n, 0),
      starts: heldOutSeeds.length,
      scores: {
        mean: mean(own),
        best: own[best]!,
        bestPupil: pupils[best]!,
        pooled: score(all),
        agreed: score(agreed),
      },
      weights,
      swaps,
      ...partings(world, learners, all),
    },
    pooled: traceIn(world, all, 0),
    agreed: traceIn(world, agreed, 0),
    swaps: swapped,
  };
}

/** Where learners of a world are compared: at its viewpoints, or in the middles of its tiles. */
export function placesIn({ viewpoints, lattice, stateSize }: Level): readonly Float64Array[] {
  if (viewpoints) return viewpoints;
  const every = Math.ceil(lattice.tiles.length / mostPlaces);
  return lattice.tiles
    .filter((_, i) => i % every === 0)
    .map(({ cell }) => {
      const state = new Float64Array(stateSize);
      // Where a cell has many states, one of them, and the same each time.
      lattice.stateIn(cell, seeded(cell, Stream.world), state);
      return state;
    });
}

/** How far apart the learners are at each place, and the pooled one from what most of them do. */
function partings(
  world: Level,
  learners: readonly Policy[],
  all: Policy,
): Pick<Compared, "apart" | "pooledApart"> {
  const observation = new Float64Array(world.observationSize);
  const act = (policy: Policy) => {
    const action = new Float64Array(width(world.action));
    policy.act(observation, action);
    return action;
  };
  const apart: number[] = [];
  const pooledApart: number[] = [];
  for (const state of placesIn(world)) {
    world.observe(state, observation);
    const actions = learners.map(act);
    const pairs = actions.flatMap((one, i) =>
      actions.slice(i + 1).map((other) => disagreement(world.action, one, other)),
    );
    apart.push(rounded(mean(pairs)));
    pooledApart.push(rounded(disagreement(world.action, act(all), middleOf(world, actions))));
  }
  return { apart, pooledApart };
}

/** What most do: the median of each coordinate, or the most frequent of a few. */
function middleOf({ action }: Level, actions: readonly Float64Array[]): readonly number[] {
  if (action.kind === "continuous")
    return action.low.map((_, k) => median(actions.map((one) => one[k]!)));
  const counts = action.names.map((_, i) => actions.filter(([one]) => one === i).length);
  return [counts.indexOf(Math.max(...counts))];
}

/** About `n` of the pairs, evenly spread. */
function sample(pairs: Dataset, n: number): Dataset {
  if (pairs.n <= n) return pairs;
  const wide = width(pairs.action);
  const chosen = Array.from({ length: n }, (_, i) => Math.floor((i * pairs.n) / n));
  const rows = (values: Float64Array, size: number) =>
    Float64Array.from(chosen.flatMap((i) => [...values.subarray(i * size, (i + 1) * size)]));
  return {
    ...pairs,
    n,
    observations: rows(pairs.observations, pairs.observationSize),
    actions: rows(pairs.actions, wide),
  };
}

function bestOf(scores: readonly number[], better: "more" | "fewer"): number {
  return scores.indexOf(better === "more" ? Math.max(...scores) : Math.min(...scores));
}

function rounded(share: number): number {
  return Math.round(1000 * share) / 1000;
}
