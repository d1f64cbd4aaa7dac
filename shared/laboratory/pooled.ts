import { withoutConflicts } from "../imitation/conflicts.ts";
import { dagger } from "../imitation/dagger.ts";
import { firstPairs } from "../imitation/dataset.ts";
import { enduranceOf } from "../imitation/endurance.ts";
import { measure } from "../imitation/evaluation.ts";
import { human } from "../imitation/experts.ts";
import { agreementOf, joined, pooled, repeated } from "../imitation/pool.ts";
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
import { round, type Series, svgOf } from "./figure.ts";
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
  /** Key of {@link classes}. */
  readonly hands: string;
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

/** How the hands of those who take care differ in a class: the noise of one of them, from a number in [0, 1). */
export const classes = {
  unlike: {
    noise: (drawn: number) => steadiest * (shakiest / steadiest) ** drawn,
    words: `with a noise from ${steadiest} to ${shakiest}`,
  },
  like: {
    noise: () => Math.sqrt(steadiest * shakiest),
    words: `all with a noise of ${Math.sqrt(steadiest * shakiest).toFixed(3)}`,
  },
} as const satisfies Record<string, { noise(drawn: number): number; words: string }>;
type Hands = keyof typeof classes;

/** What learners come to. */
interface Score {
  /** Median over the held-out starts, before the first fall. */
  readonly laps: number;
  /** Mean over them of the world's measure. */
  readonly measure: number;
}

/** Who taught a learner; those with a kind are drawn. */
const learners = {
  mean: { title: "one teacher, mean", kind: "control" },
  best: { title: "one teacher, the best", kind: "expert" },
  worst: { title: "one teacher, the worst", kind: null },
  shared: { title: "all, as many labels as one has", kind: null },
  pooled: { title: "all", kind: "rival" },
  better: { title: "all, the better one where two conflict", kind: null },
  agreement: { title: "all, by agreement", kind: "learner" },
} as const satisfies Record<string, { title: string; kind: Series["kind"] | null }>;
type Learner = keyof typeof learners;
const names = Object.keys(learners) as Learner[];

export interface PooledRun {
  /** After each round of answers, the demonstration alone first. [rounds + 1] */
  readonly scores: readonly Readonly<Record<Learner, Score>>[];
  /** Weight by agreement of each teacher's labels after the last round, those who take care first. */
  readonly agreement: readonly number[];
}

/** Class number `index`. */
export function teachTogether(study: PooledStudy, index: number): PooledRun {
  const world = enduring[study.world]!;
  const seed = study.seed + index;
  const random = seeded(seed, Stream.expert);
  const lessons = Array.from({ length: study.teachers }, (_, i) => {
    const takesCare = i < study.teachers - study.careless;
    const noise = takesCare ? classes[study.hands as Hands].noise(random.uniform()) : carelessNoise;
    return lessonOf(study, world, noise, random.below(2 ** 31));
  });
  const rounds = Array.from({ length: study.rounds + 1 }, (_, round) =>
    roundOf(
      study,
      world,
      lessons.map((lesson) => lesson[round]!),
      seed,
    ),
  );
  return {
    scores: rounds.map(({ scores }) => scores),
    agreement: rounds.at(-1)!.agreement,
  };
}

/** What a class comes to, each of whose teachers has come to a policy and the data behind it. */
function roundOf(
  { policy }: PooledStudy,
  world: Level,
  lessons: readonly { policy: Policy; data: Dataset }[],
  seed: number,
): { scores: Readonly<Record<Learner, Score>>; agreement: readonly number[] } {
  const kind = policyKinds[policy]!;
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
  const kept = withoutConflicts(data, validated);
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
      better: learned(pooled(data.map((own, i) => repeated(own, kept[i]!)))),
      agreement: learned(joined(data, agreement)),
    },
    agreement,
  };
}

/**
 * One teacher's lesson: a demonstration, and rounds of answers in stopped time about what their own learner gets into.
 * After each what was learned, and from what. [rounds + 1]
 */
function lessonOf(
  { policy, rounds }: PooledStudy,
  world: Level,
  noise: number,
  seed: number,
): { policy: Policy; data: Dataset }[] {
  const place = demonstrationWorld(world);
  const hands = { noise, inconsistency, lag: stepsOf(world, lag), temperature: 0 };
  const expert = human(world, hands);
  const first = firstOpenSeed + seed;
  const shown = replay(
    place,
    demonstrate(place, first, expert.drives(seeded(first, Stream.expert))),
  );
  const method = { kind: policyKinds[policy]!, query: queries.novel!, ...asked };
  const loop = dagger(world, [shown], method, expert, seed, firstOpenSeed);
  return Array.from({ length: rounds + 1 }, () => loop.next().value);
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

/** The result of a study as text, as JSON and as a figure. */
export function pooledOutputs(study: PooledStudy, runs: readonly PooledRun[]) {
  const { measure } = enduring[study.world]!;
  const over = (of: (run: PooledRun) => number): Estimate => meanEstimate(study, runs.map(of));
  const after = (round: number, learner: Learner, key: keyof Score) =>
    over(({ scores }) => scores[round]![learner][key]);
  const laps = (value: number) => value.toFixed(1);
  const answers = Array.from({ length: study.rounds + 1 }, (_, round) => round * asked.budget);
  const rows = names.map((learner) => [
    learners[learner].title,
    withInterval(after(study.rounds, learner, "laps"), laps),
    withInterval(after(study.rounds, learner, "measure"), (value) => value.toFixed(2)),
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
    titleOf(study),
    methodOf(study),
    "",
    ...tableLines({
      title: "Who taught the learner",
      heading: ["learner of", "laps before the first crash", measure.unit],
      rows,
    }),
    "",
    ...tableLines({
      title: "Laps before the first crash, by answers a head",
      heading: ["learner of", ...answers.map(String)],
      rows: names.map((learner) => [
        learners[learner].title,
        ...answers.map((_, round) => withInterval(after(round, learner, "laps"), laps)),
      ]),
    }),
    "",
    ...tableLines({ title: "Weight by agreement", heading: ["teacher", "weight"], rows: weights }),
    "",
  ].join("\n");
  const figure = svgOf(
    {
      title: titleOf(study),
      note: `${study.careless} of ${count(study.teachers, "teacher")} careless. ${count(study.seeds, "class", "classes")}: mean, 95 % interval.`,
      x: "answers a head",
      spacing: "even",
      y: "laps before the first crash",
      series: names.flatMap((learner) => {
        const { title: name, kind } = learners[learner];
        if (kind === null) return [];
        const points = answers.map((x, round) => {
          const { value, low, high } = after(round, learner, "laps");
          return { x, y: value, low, high };
        });
        return [{ name, kind, points }];
      }),
      level: null,
      format: (value) => String(round(value)),
    },
    true,
  );
  return { text, json: `${JSON.stringify({ study, runs })}\n`, figure };
}

function titleOf({ world }: PooledStudy): string {
  return `One learner for several teachers: ${enduring[world]!.title}`;
}

function methodOf({ teachers, careless, hands, rounds, seeds }: PooledStudy): string {
  return `${count(seeds, "class", "classes")} of ${count(teachers, "teacher")}, of whom ${careless} careless (noise ${carelessNoise}), the others ${classes[hands as Hands].words}. Each gives one demonstration, late by ${1000 * lag} ms, and ${rounds * asked.budget} answers in stopped time. The best and the worst, and who is better, are known by ${nValidation} validation starts; ${heldOutSeeds.length} held-out starts. Means over classes and their 95 % bootstrap intervals.`;
}
