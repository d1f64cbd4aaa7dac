import { dagger } from "../imitation/dagger.ts";
import { firstPairs, pairsOf } from "../imitation/dataset.ts";
import { enduranceOf } from "../imitation/endurance.ts";
import { measure } from "../imitation/evaluation.ts";
import { repeated } from "../imitation/pool.ts";
import { driverOf, rolloutTogether } from "../imitation/rollout.ts";
import { fit } from "../imitation/round.ts";
import { mean, median } from "../imitation/statistics.ts";
import { alarmAt, askingGate, novelty } from "../imitation/thrifty.ts";
import { expectedTrouble } from "../imitation/trouble.ts";
import { weighings } from "../imitation/weighings/index.ts";
import type { Weighing } from "../imitation/weighings/weighing.ts";
import { firstOpenSeed, heldOutSeeds } from "../lesson/protocol.ts";
import { count } from "../plural.ts";
import { policyKinds } from "../policies/index.ts";
import type { Dataset, Policy, PolicyKind } from "../policies/policy.ts";
import { queries } from "../queries/index.ts";
import type { Gate } from "../queries/query.ts";
import { Stream, seeded } from "../random.ts";
import { Controller, replay, type Trajectory } from "../worlds/episode.ts";
import type { Level } from "../worlds/level.ts";
import { Outcome } from "../worlds/world.ts";
import { enduring } from "./endurance.ts";
import { meanEstimate } from "./summary.ts";
import { tableLines } from "./table.ts";
import { fallsIn, openStart, type Person, personWith, showingMore } from "./teaching.ts";
import { withInterval } from "./words.ts";

/** The parameters of a study of what to make of takeovers. */
export interface TakeoverStudy {
  /** Key in the registry of a world that one can fall in. */
  readonly world: string;
  /** Key in the registry of what learns. */
  readonly policy: string;
  /** Rounds of drives, after the clone. */
  readonly rounds: number;
  /** Labels of the expert's in each round. */
  readonly labels: number;
  /** In how large a share of the places a learner that asks for the wheel finds one novel, and in which risky. */
  readonly rate: number;
  /** Of the person's hands, as a share of half the range. */
  readonly noise: number;
  /** Simulated people. */
  readonly seeds: number;
  /** From which all of them are drawn. */
  readonly seed: number;
}

/** Times between seeing and steering, seconds. In stopped time there is none. */
const lags = [0, 0.15] as const;
/** Drives of a round, in which there may be fewer takeovers than labels are asked for. */
const mostDrives = 4;

/** What came of one way, at the end. */
interface Outcomes {
  /** Median over the held-out starts, before the first fall. */
  readonly laps: number;
  /** Mean over them of the world's measure. */
  readonly measure: number;
  /** Of the expert's, after the demonstration. */
  readonly labels: number;
  /** While learning, the demonstrations' included. */
  readonly falls: number;
}

interface Taught {
  readonly policy: Policy;
  readonly labels: number;
  readonly falls: number;
}

/** A simulated person who teaches one learner. */
interface Lesson extends Person {
  readonly world: Level;
  readonly kind: PolicyKind;
  readonly study: TakeoverStudy;
}

const arms = {
  cloning: { title: "cloning, demonstrations alone", teach: demonstrating },
  stopped: { title: "DAgger, time stopped, least familiar", teach: answering },
  taking: {
    title: "takeover, the expert's steps alone",
    teach: atTheWheel(humanGate, weighings.expertOnly!),
  },
  weighing: {
    title: "takeover, interventions up (Sirius)",
    teach: atTheWheel(humanGate, weighings.beforeAndAfter!),
  },
  reward: {
    title: "takeover as a reward (RLIF)",
    teach: atTheWheel(humanGate, weighings.asReward!),
  },
  asking: {
    title: "the learner asks for it (ThriftyDAgger)",
    teach: atTheWheel(thriftyGate, weighings.expertOnly!),
  },
} as const satisfies Record<string, { title: string; teach(lesson: Lesson): Taught }>;

type Arm = keyof typeof arms;
const names = Object.keys(arms) as Arm[];

/** One person with each of {@link lags}. */
export type TakeoverRun = Readonly<Record<Arm, readonly Outcomes[]>>;

/** Person number `index` of a study. */
export function takeOver(study: TakeoverStudy, index: number): TakeoverRun {
  const world = enduring[study.world]!;
  const kind = policyKinds[study.policy]!;
  const lessons = lags.map((lag): Lesson => {
    const person = personWith(world, study.noise, lag, study.seed + index);
    return { world, kind, ...person, study };
  });
  const taught = (arm: Arm) =>
    lessons.map((lesson): Outcomes => {
      const { policy, labels, falls } = arms[arm].teach(lesson);
      const { laps } = enduranceOf(world, () => driverOf(world, policy), heldOutSeeds)!;
      return {
        laps: median(laps),
        measure: mean(measure(world, policy, heldOutSeeds)),
        labels,
        falls,
      };
    });
  return Object.fromEntries(names.map((arm) => [arm, taught(arm)])) as unknown as TakeoverRun;
}

function demonstrating(lesson: Lesson): Taught {
  const { world, kind, shown, seed, study } = lesson;
  const labels = study.rounds * study.labels;
  const all = [shown, ...showingMore(world, lesson, labels)];
  const data = firstPairs(pairsOf(world, all), shown.length + labels);
  return { policy: fit(data, kind, seed).policy, labels, falls: fallsIn(all) };
}

function answering({ world, kind, expert, shown, seed, study }: Lesson): Taught {
  const method = { kind, query: queries.novel!, budget: study.labels, drives: mostDrives };
  const loop = dagger(world, [shown], method, expert, seed, firstOpenSeed);
  let labels = 0;
  let falls = fallsIn([shown]);
  for (let round = 0; ; round++) {
    const { policy, drives, answers } = loop.next().value;
    labels += answers.length;
    falls += fallsIn(drives);
    if (round === study.rounds) return { policy, labels, falls };
  }
}

/** What decides about the wheel once a policy is trained on these drives, the demonstration among them. */
type GateOf = (lesson: Lesson, policy: Policy, driven: readonly Trajectory[]) => Gate;

function humanGate(): Gate {
  const { gate } = queries.takeover!;
  return gate!(1, seeded(0));
}

function thriftyGate(
  { world, kind, seed, study }: Lesson,
  policy: Policy,
  driven: readonly Trajectory[],
): Gate {
  const fell = driven.map(({ outcomes }) =>
    Uint8Array.from(outcomes, (outcome) => (outcome === Outcome.fell ? 1 : 0)),
  );
  const risk = expectedTrouble(world, driven, fell, kind, seed);
  return askingGate(
    [novelty(world, policy), risk].map((of) => alarmAt(study.rate, world, driven, of)),
  );
}

function atTheWheel(gateOf: GateOf, weighing: Weighing) {
  return (lesson: Lesson): Taught => {
    const { world, kind, expert, shown, seed, study } = lesson;
    const random = seeded(seed, Stream.query);
    const driven = [shown];
    let labels = 0;
    for (let round = 0; ; round++) {
      const weights = weighing.weigh(world, driven, kind, seed);
      const { policy } = fit(weighted(world, driven, weights), kind, seed);
      if (round === study.rounds) return { policy, labels, falls: fallsIn(driven) };
      const gate = gateOf(lesson, policy, driven);
      let left = study.labels;
      for (let drives = 0; drives < mostDrives && left > 0; drives++) {
        const start = openStart(random);
        const hands = expert.drives(seeded(start, Stream.expert));
        const episode = rolloutTogether(world, policy, hands, gate, start);
        const drive = upToLabels(world, replay(world, episode), left);
        const given = drive.controllers.filter((who) => who === Controller.expert).length;
        left -= given;
        labels += given;
        driven.push(drive);
      }
    }
  };
}

/** A drive up to the step with the last of so many labels. */
function upToLabels(world: Level, drive: Trajectory, labels: number): Trajectory {
  const { states, actions, controllers, outcomes } = drive;
  let given = 0;
  let length = 0;
  while (length < drive.length && given < labels) {
    if (controllers[length++] === Controller.expert) given++;
  }
  return {
    length,
    states: states.slice(0, (length + 1) * world.stateSize),
    actions: actions.slice(0, (length * actions.length) / drive.length),
    controllers: controllers.slice(0, length),
    outcomes: outcomes.slice(0, length),
  };
}

/** All steps of these drives, whoever drove, each as often as it counts. */
function weighted(
  world: Level,
  drives: readonly Trajectory[],
  weights: readonly Float64Array[],
): Dataset {
  const everybody = drives.map((drive) => ({
    ...drive,
    controllers: drive.controllers.map(() => Controller.expert),
  }));
  return repeated(pairsOf(world, everybody), Float64Array.from(weights.flatMap((row) => [...row])));
}

/** The result of a study as text and as JSON. */
export function takeoverOutputs(study: TakeoverStudy, runs: readonly TakeoverRun[]) {
  const { measure } = enduring[study.world]!;
  const columns = [
    { heading: "laps before the first crash", of: (o: Outcomes) => o.laps, digits: 1 },
    { heading: measure.unit, of: (o: Outcomes) => o.measure, digits: 2 },
    { heading: "labels", of: (o: Outcomes) => o.labels, digits: 0 },
    { heading: "crashes while learning", of: (o: Outcomes) => o.falls, digits: 1 },
  ];
  const tables = lags.flatMap((lag, i) => [
    "",
    ...tableLines({
      title: lag === 0 ? "Prompt hands" : `Hands ${1000 * lag} ms late`,
      heading: ["what is learned from", ...columns.map(({ heading }) => heading)],
      rows: names.map((arm) => [
        arms[arm].title,
        ...columns.map(({ of, digits }) =>
          withInterval(
            meanEstimate(
              study,
              runs.map((run) => of(run[arm][i]!)),
            ),
            (value) => value.toFixed(digits),
          ),
        ),
      ]),
    }),
  ]);
  return {
    text: [titleOf(study), methodOf(study), ...tables, ""].join("\n"),
    json: `${JSON.stringify({ study, runs })}\n`,
  };
}

function titleOf({ world }: TakeoverStudy): string {
  return `What takeovers tell: ${enduring[world]!.title}`;
}

function methodOf({ policy, rounds, labels, rate, noise, seeds }: TakeoverStudy): string {
  return `${policyKinds[policy]!.title}. ${count(seeds, "person", "people")} (noise ${noise}), one demonstration, then ${count(rounds, "round")} of ${count(labels, "label")} from up to ${count(mostDrives, "drive")} each. A learner that asks finds ${100 * rate} % of the places novel, and as many risky. Means over people with 95 % bootstrap intervals; ${heldOutSeeds.length} held-out starts.`;
}
