import { rolloutAsking } from "../imitation/asking.ts";
import { firstPairs, pairsOf } from "../imitation/dataset.ts";
import { enduranceOf } from "../imitation/endurance.ts";
import type { Expert } from "../imitation/experts.ts";
import {
  type Driver,
  driverOf,
  rollout,
  rolloutInTurns,
  rolloutTogether,
} from "../imitation/rollout.ts";
import { fit } from "../imitation/round.ts";
import { median } from "../imitation/statistics.ts";
import { lessonGate } from "../lesson/asking.ts";
import { heldOutSeeds } from "../lesson/protocol.ts";
import { count } from "../plural.ts";
import { policyKinds } from "../policies/index.ts";
import type { Policy, PolicyKind } from "../policies/policy.ts";
import { queries } from "../queries/index.ts";
import type { Gate } from "../queries/query.ts";
import { Stream, seeded } from "../random.ts";
import { Controller, replay, type Trajectory } from "../worlds/episode.ts";
import type { Level } from "../worlds/level.ts";
import { enduring } from "./endurance.ts";
import { meanEstimate } from "./summary.ts";
import { tableLines } from "./table.ts";
import { asked, fallsIn, openStart, type Person, personWith, showingMore } from "./teaching.ts";
import { placed, sum, turnsIn } from "./turns.ts";
import { withInterval } from "./words.ts";

/** The parameters of a study of when a learner asks for the wheel. */
export interface AskingStudy {
  /** Key in the registry of a world that one can fall in. */
  readonly world: string;
  /** Key in the registry of what learns. */
  readonly policy: string;
  /** Drives of the learner under two, after the clone; it learns after each. */
  readonly rounds: number;
  /** How much it may ask for: see `askingRates`. */
  readonly rate: number;
  /** Of the person's hands, as a share of half the range. */
  readonly noise: number;
  /** Simulated people. */
  readonly seeds: number;
  /** From which all of them are drawn. */
  readonly seed: number;
}

/** Times between seeing and steering, seconds. */
const lags = [0, 0.15] as const;
/** Drives of a round in which a person takes over: there may be fewer takeovers in one than labels are asked for. */
const mostDrives = 4;

/** Who decides when the expert drives, the game's gate first. All have as many labels, and the first two the same turns. */
const arms = {
  gate: "the learner asks",
  moments: "random moments",
  taking: "the person takes over",
  cloning: "demonstrations",
} as const;
type Arm = keyof typeof arms;
const names = Object.keys(arms) as Arm[];

/** What came of one arm, after all rounds. */
interface Outcomes {
  /** Medians over the held-out starts, before the first crash. */
  readonly steps: number;
  readonly laps: number;
  /** Of the expert's, after the demonstration. */
  readonly labels: number;
  /** In a drive that labels are from, on average. */
  readonly falls: number;
}

/** One person with each of {@link lags}. */
export type AskingRun = Readonly<Record<Arm, readonly Outcomes[]>>;

/** A simulated person who teaches one learner. */
interface Lesson extends Person {
  readonly world: Level;
  readonly kind: PolicyKind;
  readonly study: AskingStudy;
}

/** Person number `index` of a study. */
export function beAsked(study: AskingStudy, index: number): AskingRun {
  const world = enduring[study.world]!;
  const kind = policyKinds[study.policy]!;
  const each = lags.map((lag) => {
    const person = personWith(world, study.noise, lag, study.seed + index);
    return eachArm({ world, kind, ...person, study });
  });
  return Object.fromEntries(
    names.map((arm) => [arm, each.map((outcomes) => outcomes[arm])]),
  ) as unknown as AskingRun;
}

/** All arms of a lesson. What the learner asked for comes first: the others have as much, from the same starts. */
function eachArm(lesson: Lesson): Readonly<Record<Arm, Outcomes>> {
  const random = seeded(lesson.seed, Stream.query);
  const starts = Array.from({ length: lesson.study.rounds }, () => openStart(random));
  const turns: (readonly number[])[] = [];
  const gate = inRounds(lesson, starts, (policy, start) => {
    const drive = askedFor(lesson, policy, start);
    turns.push(turnsIn(drive));
    return [drive];
  });
  return {
    gate,
    moments: inRounds(lesson, starts, (policy, start, round) => [
      atMoments(lesson, policy, start, turns[round]!),
    ]),
    taking: inRounds(lesson, starts, (policy, start, round) =>
      takenOver(lesson, policy, start, sum(turns[round]!)),
    ),
    cloning: cloned(lesson, gate.labels),
  };
}

/** A learner that learns after each round of drives from what the expert did in them, and before the first. */
function inRounds(
  { world, kind, shown, seed }: Lesson,
  starts: readonly number[],
  driveWith: (policy: Policy, start: number, round: number) => readonly Trajectory[],
): Outcomes {
  const driven: Trajectory[] = [];
  const learned = () => {
    const data = pairsOf(world, [shown, ...driven]);
    return { data, policy: fit(data, kind, seed).policy };
  };
  starts.forEach((start, round) => {
    driven.push(...driveWith(learned().policy, start, round));
  });
  const { data, policy } = learned();
  return {
    ...enduredBy(world, policy),
    labels: data.n - shown.length,
    falls: fallsPerDrive(driven),
  };
}

function cloned(lesson: Lesson, labels: number): Outcomes {
  const { world, kind, shown, seed } = lesson;
  const more = showingMore(world, lesson, labels);
  const data = firstPairs(pairsOf(world, [shown, ...more]), shown.length + labels);
  const { policy } = fit(data, kind, seed);
  return { ...enduredBy(world, policy), labels, falls: fallsPerDrive(more) };
}

/** A drive in which the learner asks, by the gate of the game. */
function askedFor({ world, expert, study }: Lesson, policy: Policy, start: number): Trajectory {
  const random = seeded(start, Stream.query);
  const own = Array.from({ length: asked.drives }, () =>
    replay(world, rollout(world, driverOf(world, policy), Controller.learner, openStart(random))),
  );
  const gate = lessonGate(world, policy, study.rate, own);
  return replay(world, rolloutAsking(world, policy, looking(expert, start), gate, start).episode);
}

/** The same drive, with turns of the same lengths that begin anywhere. */
function atMoments(
  { world, expert }: Lesson,
  policy: Policy,
  start: number,
  turns: readonly number[],
): Trajectory {
  const isTheirs = placed(turns, world.horizon, seeded(start, Stream.query));
  const episode = rolloutInTurns(
    world,
    policy,
    looking(expert, start),
    (_, t) => isTheirs[t]!,
    start,
  );
  return replay(world, episode);
}

/** Drives in which the person takes over where they see fit, until there are so many labels. */
function takenOver(
  { world, expert }: Lesson,
  policy: Policy,
  first: number,
  labels: number,
): Trajectory[] {
  const random = seeded(first, Stream.query);
  const seesFit = queries.takeover!.gate!(1, seeded(first));
  const drives: Trajectory[] = [];
  let left = labels;
  for (let start = first; left > 0 && drives.length < mostDrives; start = openStart(random)) {
    const gate: Gate = (moment) => left > 0 && seesFit(moment) && left-- > 0;
    const hands = expert.drives(seeded(start, Stream.expert));
    drives.push(replay(world, rolloutTogether(world, policy, hands, gate, start)));
  }
  return drives;
}

/** Somebody for whom the world waits at the beginning of each of their turns in a drive. */
function looking(expert: Expert, start: number): () => Driver {
  const random = seeded(start, Stream.expert);
  return () => expert.drives(random);
}

function enduredBy(world: Level, policy: Policy) {
  const { steps, laps } = enduranceOf(world, () => driverOf(world, policy), heldOutSeeds)!;
  return { steps: median(steps), laps: median(laps) };
}

function fallsPerDrive(drives: readonly Trajectory[]): number {
  return drives.length > 0 ? fallsIn(drives) / drives.length : 0;
}

/** The result of a study as text and as JSON. */
export function askingOutputs(study: AskingStudy, runs: readonly AskingRun[]) {
  const over = (of: (run: AskingRun) => number, digits: number) =>
    withInterval(meanEstimate(study, runs.map(of)), (value) => value.toFixed(digits));
  const columns = [
    { heading: "steps before the first crash", key: "steps", digits: 0 },
    { heading: "laps", key: "laps", digits: 1 },
    { heading: "labels", key: "labels", digits: 0 },
    { heading: "crashes a drive, learning", key: "falls", digits: 2 },
  ] as const;
  const handsOf = (lag: number) => (lag === 0 ? "prompt hands" : `hands ${1000 * lag} ms late`);
  const tables = lags.flatMap((lag, i) => [
    "",
    ...tableLines({
      title: `With ${handsOf(lag)}`,
      heading: ["who decides when", ...columns.map(({ heading }) => heading)],
      rows: names.map((arm) => [
        arms[arm],
        ...columns.map(({ key, digits }) => over((run) => run[arm][i]![key], digits)),
      ]),
    }),
  ]);
  const differences = tableLines({
    title: "Steps by which the learner that asks gets further",
    heading: ["than", ...lags.map(handsOf)],
    rows: names
      .slice(1)
      .map((arm) => [
        arms[arm],
        ...lags.map((_, i) => over((run) => run.gate[i]!.steps - run[arm][i]!.steps, 0)),
      ]),
  });
  return {
    text: [titleOf(study), methodOf(study), ...tables, "", ...differences, ""].join("\n"),
    json: `${JSON.stringify({ study, runs })}\n`,
  };
}

function titleOf({ world }: AskingStudy): string {
  return `When a learner asks: ${enduring[world]!.title}`;
}

function methodOf({ policy, rounds, rate, noise, seeds }: AskingStudy): string {
  return `${policyKinds[policy]!.title}. ${count(seeds, "person", "people")} (noise ${noise}), one demonstration, then ${count(rounds, "drive")} under two, in each of which the learner asks for ${100 * rate} % of the steps at most; it learns after each. At random moments: turns of the same lengths, in drives from the same starts in the same wind. The world waits at the beginning of a turn in both. Medians over ${heldOutSeeds.length} held-out starts; means over people with 95 % bootstrap intervals.`;
}
