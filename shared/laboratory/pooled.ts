import { dagger } from "../imitation/dagger.ts";
import { firstPairs } from "../imitation/dataset.ts";
import { enduranceOf } from "../imitation/endurance.ts";
import { measure } from "../imitation/evaluation.ts";
import { human } from "../imitation/experts.ts";
import { agreementOf, joined, pooled } from "../imitation/pool.ts";
import { demonstrate, driverOf } from "../imitation/rollout.ts";
import { fit } from "../imitation/round.ts";
import { mean, median } from "../imitation/statistics.ts";
import { firstOpenSeed, heldOutSeeds, validationSeeds } from "../lesson/protocol.ts";
import { count } from "../plural.ts";
import { policyKinds } from "../policies/index.ts";
import type { Dataset, Policy } from "../policies/policy.ts";
import { queries } from "../queries/index.ts";
import { Stream, seeded } from "../random.ts";
import { replay } from "../worlds/episode.ts";
import { demonstrationWorld, type Level } from "../worlds/level.ts";
import { enduring } from "./endurance.ts";
import { type Estimate, meanEstimate } from "./summary.ts";
import { tableLines } from "./table.ts";
import { asked, stepsOf } from "./teaching.ts";
import { withInterval } from "./words.ts";

/** The parameters of a study of one learner for several teachers. */
export interface PooledStudy {
  /** Key in the registry of a world that one can fall in. */
  readonly world: string;
  /** Key in the registry of what learns. */
  readonly policy: string;
  /** In a class. */
  readonly teachers: number;
  /** Of the teachers, whose hands do anything. */
  readonly careless: number;
  /** Rounds of answers that each gives, after a demonstration. */
  readonly rounds: number;
  /** Classes. */
  readonly seeds: number;
  /** From which all of them are drawn. */
  readonly seed: number;
}

/** Noise of the hands of those who take care, from the steadiest to the shakiest, and of the others, of half the range. */
const steadiest = 0.03;
const shakiest = 0.3;
const carelessNoise = 1.5;
/** Offset that stays for all of a round, of half the range; and how late hands are while they steer, seconds. */
const inconsistency = 0.05;
const lag = 0.15;
/** Validation starts by which the best of the teachers is known. */
const nValidation = 20;

/** What learners come to. */
interface Score {
  /** Median over the held-out starts, before the first fall. */
  readonly laps: number;
  /** Mean over them of the world's measure. */
  readonly measure: number;
}

/** Who taught a learner. */
const learners = {
  mean: "one teacher, mean",
  best: "one teacher, the best",
  worst: "one teacher, the worst",
  shared: "all, as many labels as one has",
  pooled: "all",
  agreement: "all, by agreement",
} as const;
type Learner = keyof typeof learners;

export interface PooledRun {
  readonly scores: Readonly<Record<Learner, Score>>;
  /** Weight by agreement of each teacher's labels, those who take care first. */
  readonly agreement: readonly number[];
}

/** Class number `index`. */
export function teachTogether(study: PooledStudy, index: number): PooledRun {
  const world = enduring[study.world]!;
  const kind = policyKinds[study.policy]!;
  const seed = study.seed + index;
  const random = seeded(seed, Stream.expert);
  const lessons = Array.from({ length: study.teachers }, (_, i) => {
    const takesCare = i < study.teachers - study.careless;
    const noise = takesCare
      ? steadiest * (shakiest / steadiest) ** random.uniform()
      : carelessNoise;
    return lessonOf(study, world, noise, random.below(2 ** 31));
  });
  const data = lessons.map(({ data }) => data);
  const alone = lessons.map(({ policy }) => scoreOf(world, policy));
  const validated = lessons.map(({ policy }) =>
    lapsOf(world, policy, validationSeeds.slice(0, nValidation)),
  );
  const chosen = (of: (...values: number[]) => number) =>
    alone[validated.indexOf(of(...validated))]!;
  const learned = (data: Dataset) => scoreOf(world, fit(data, kind, seed).policy);
  const agreement = agreementOf(data, kind, seed);
  const share = data.map((own) => firstPairs(shuffled(own, seed), Math.ceil(own.n / data.length)));
  return {
    scores: {
      mean: {
        laps: mean(alone.map(({ laps }) => laps)),
        measure: mean(alone.map(({ measure }) => measure)),
      },
      best: chosen(Math.max),
      worst: chosen(Math.min),
      shared: learned(pooled(share)),
      pooled: learned(pooled(data)),
      agreement: learned(joined(data, agreement)),
    },
    agreement,
  };
}

/** One teacher's lesson: a demonstration, and answers in stopped time about what their own learner gets into. */
function lessonOf(
  { policy, rounds }: PooledStudy,
  world: Level,
  noise: number,
  seed: number,
): { policy: Policy; data: Dataset } {
  const place = demonstrationWorld(world);
  const hands = { noise, inconsistency, lag: stepsOf(world, lag), temperature: 0 };
  const expert = human(world, hands);
  const first = firstOpenSeed + seed;
  const shown = replay(
    place,
    demonstrate(place, first, expert.drives(seeded(first, Stream.expert))),
  );
  const method = { kind: policyKinds[policy]!, query: queries.novel!, ...asked };
  let trained = 0;
  for (const { policy, data } of dagger(world, [shown], method, expert, seed, firstOpenSeed)) {
    if (trained++ === rounds) return { policy, data };
  }
  throw new Error("rounds have no end");
}

/** The same pairs in an order of chance. */
function shuffled({ n, ...dataset }: Dataset, seed: number): Dataset {
  const random = seeded(seed, Stream.query);
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const rows = (values: Float64Array) => {
    const wide = values.length / n;
    return Float64Array.from(order.flatMap((i) => [...values.subarray(i * wide, (i + 1) * wide)]));
  };
  const { observations, actions } = dataset;
  return { ...dataset, n, observations: rows(observations), actions: rows(actions) };
}

function scoreOf(world: Level, policy: Policy): Score {
  return {
    laps: lapsOf(world, policy, heldOutSeeds),
    measure: mean(measure(world, policy, heldOutSeeds)),
  };
}

function lapsOf(world: Level, policy: Policy, seeds: readonly number[]): number {
  return median(enduranceOf(world, () => driverOf(world, policy), seeds)!.laps);
}

/** The result of a study as text and as JSON. */
export function pooledOutputs(study: PooledStudy, runs: readonly PooledRun[]) {
  const { measure, title } = enduring[study.world]!;
  const over = (of: (run: PooledRun) => number): Estimate => meanEstimate(study, runs.map(of));
  const rows = (Object.keys(learners) as Learner[]).map((learner) => [
    learners[learner],
    withInterval(
      over(({ scores }) => scores[learner].laps),
      (value) => value.toFixed(1),
    ),
    withInterval(
      over(({ scores }) => scores[learner].measure),
      (value) => value.toFixed(2),
    ),
  ]);
  const weights = Array.from({ length: study.teachers }, (_, i) => {
    const isCareless = i >= study.teachers - study.careless;
    return [
      `${i + 1}${isCareless ? ", careless" : ""}`,
      withInterval(
        over(({ agreement }) => agreement[i]!),
        (value) => value.toFixed(1),
      ),
    ];
  });
  const text = [
    `One learner for several teachers: ${title}`,
    `${count(study.seeds, "class", "classes")} of ${count(study.teachers, "teacher")}, of whom ${study.careless} careless (noise ${carelessNoise}), the others with a noise from ${steadiest} to ${shakiest}. Each gives one demonstration, late by ${1000 * lag} ms, and ${study.rounds * asked.budget} answers in stopped time. The best and the worst are known by ${nValidation} validation starts; ${heldOutSeeds.length} held-out starts. Means over classes and their 95 % bootstrap intervals.`,
    "",
    ...tableLines({
      title: "Who taught the learner",
      heading: ["learner of", "laps before the first crash", measure.unit],
      rows,
    }),
    "",
    ...tableLines({ title: "Weight by agreement", heading: ["teacher", "weight"], rows: weights }),
    "",
  ].join("\n");
  return { text, json: `${JSON.stringify({ study, runs })}\n` };
}
