import { dagger } from "../imitation/dagger.ts";
import { pairsOf } from "../imitation/dataset.ts";
import { enduranceOf } from "../imitation/endurance.ts";
import { measure } from "../imitation/evaluation.ts";
import { type Expert, human } from "../imitation/experts.ts";
import { demonstrate, driverOf } from "../imitation/rollout.ts";
import { fit } from "../imitation/round.ts";
import { mean, median } from "../imitation/statistics.ts";
import { firstOpenSeed, heldOutSeeds } from "../lesson/protocol.ts";
import { count } from "../plural.ts";
import { policyKinds } from "../policies/index.ts";
import type { Dataset, Policy } from "../policies/policy.ts";
import { queries } from "../queries/index.ts";
import { type Random, Stream, seeded } from "../random.ts";
import { clip } from "../spaces.ts";
import { replay, type Trajectory } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import type { Level } from "../worlds/level.ts";
import { round, type Series, svgOf } from "./figure.ts";
import { type Estimate, meanEstimate } from "./summary.ts";
import { tableLines } from "./table.ts";
import { openStart, stepsOf } from "./teaching.ts";
import { withInterval } from "./words.ts";

/** The parameters of a study of what late hands cost. */
export interface LatenessStudy {
  /** Key of {@link windy}. */
  readonly world: string;
  /** Key in the registry of what learns. */
  readonly policy: string;
  /** Key of {@link places}: the air of the demonstrations. Learners drive in gusts. */
  readonly demonstrated: string;
  /** Drives with a label at each step: all demonstrations, or one demonstration and the learner's. */
  readonly drives: number;
  /** Of the noise that is added to what is done in noise-injected demonstrations, as a share of half the range. */
  readonly injected: number;
  /** Of the person's hands, likewise. */
  readonly noise: number;
  /** Simulated people. */
  readonly seeds: number;
  /** From which all of them are drawn. */
  readonly seed: number;
}

/** Worlds in which one can fall, and whose wind can be turned off. */
export const windy: Readonly<Record<string, Level>> = Object.fromEntries(
  Object.entries(worlds).filter(([, { canFall, laps, inGusts, demonstratedIn }]) => {
    return canFall && laps && inGusts && !demonstratedIn;
  }),
);

/** The airs that one can demonstrate in. */
export const places: Readonly<Record<string, (world: Level) => Level>> = {
  still: (world) => world.inGusts!(0),
  gusty: (world) => world,
};

/** Times between seeing and steering, seconds. In stopped time there is none. */
const lags = [0, 0.05, 0.1, 0.15, 0.2] as const;

/** Ways of spending the same number of labels; each names the arm in tables and figures. */
const arms = {
  /** All of the labels are demonstrations. */
  cloning: { title: "cloning", kind: "control" },
  /** The same, with noise added to what is done: the label is what was meant (Laskey et al. 2017, DART). */
  dart: { title: "cloning, noise injected", kind: "rival" },
  /** DAgger, whose labels are what hands do that steer along with the learner's drive. */
  shadow: { title: "DAgger, steering along", kind: "expert" },
  /** DAgger, whose labels are given while the world stands still. */
  timeStop: { title: "DAgger, time stopped", kind: "learner" },
} as const satisfies Record<string, { title: string; kind: Series["kind"] }>;

type Arm = keyof typeof arms;
const names = Object.keys(arms) as Arm[];

/** How well one policy drives in gusts. */
interface Drives {
  /** Mean over the held-out starts. */
  readonly measure: number;
  /** Median over them, before the first fall. */
  readonly laps: number;
}

/** One person with each of {@link lags}: policies that differ in how the labels were given alone. */
export type LatenessRun = Readonly<Record<Arm, readonly Drives[]>>;

/** Person number `index` of a study. */
export function learnLate(study: LatenessStudy, index: number): LatenessRun {
  const world = windy[study.world]!;
  const each = lags.map((lag) => taught(study, world, stepsOf(world, lag), study.seed + index));
  const scored = each.map((policies) =>
    Object.fromEntries(names.map((arm) => [arm, scoreOf(world, policies[arm])])),
  );
  return Object.fromEntries(
    names.map((arm) => [arm, scored.map((scores) => scores[arm]!)]),
  ) as unknown as LatenessRun;
}

function scoreOf(world: Level, policy: Policy): Drives {
  const { laps } = enduranceOf(world, () => driverOf(world, policy), heldOutSeeds)!;
  return { measure: mean(measure(world, policy, heldOutSeeds)), laps: median(laps) };
}

/** What is learned from one person, arm by arm, from as many labels. */
function taught(
  study: LatenessStudy,
  world: Level,
  lag: number,
  person: number,
): Readonly<Record<Arm, Policy>> {
  const place = places[study.demonstrated]!(world);
  const kind = policyKinds[study.policy]!;
  const expert = human(world, { noise: study.noise, lag, inconsistency: 0, temperature: 0 });
  const random = seeded(person, Stream.expert);
  const learning = random.below(2 ** 31);
  const starts = Array.from({ length: study.drives }, () => openStart(random));
  const shown = starts.map((start) => shownBy(place, expert, start, 0));
  const disturbed = starts.map((start) => shownBy(place, expert, start, study.injected));
  const learned = (data: Dataset) => fit(data, kind, learning).policy;
  const corrected = (expert: Expert): Policy => {
    const method = { kind, query: queries.every!, budget: Number.POSITIVE_INFINITY, drives: 1 };
    const loop = dagger(world, shown.slice(0, 1), method, expert, learning, firstOpenSeed);
    for (let trained = 1; ; trained++) {
      const { policy } = loop.next().value;
      if (trained === study.drives) return policy;
    }
  };
  return {
    cloning: learned(pairsOf(world, shown)),
    dart: learned(pairsOf(world, disturbed)),
    shadow: corrected({ ...expert, answers: expert.drives }),
    timeStop: corrected(expert),
  };
}

/**
 * A demonstration, with what was meant at each step as its action.
 * @param injected of the noise between what is meant and what is done, as a share of half the range
 */
function shownBy(place: Level, expert: Expert, start: number, injected: number): Trajectory {
  const means = expert.drives(seeded(start, Stream.expert));
  const disturb = disturbance(place, injected, seeded(start, Stream.query));
  const meant: number[] = [];
  const episode = demonstrate(place, start, (state, action) => {
    means(state, action);
    meant.push(...action);
    disturb(action);
  });
  return { ...replay(place, episode), actions: Float64Array.from(meant) };
}

function disturbance({ action: space }: Level, injected: number, random: Random) {
  return (action: Float64Array): void => {
    if (space.kind === "discrete") return;
    for (let k = 0; k < action.length; k++) {
      const half = (space.high[k]! - space.low[k]!) / 2;
      action[k] = action[k]! + injected * half * random.normal();
    }
    clip(space, action);
  };
}

/** The result of a study as text, as JSON and as a figure. */
export function latenessOutputs(study: LatenessStudy, runs: readonly LatenessRun[]) {
  const over = (of: (run: LatenessRun) => number) => meanEstimate(study, runs.map(of));
  const estimates = Object.fromEntries(
    names.map((arm) => [
      arm,
      lags.map((lag, i) => ({
        lag,
        measure: over((run) => run[arm][i]!.measure),
        laps: over((run) => run[arm][i]!.laps),
      })),
    ]),
  ) as unknown as Estimates;
  return {
    text: textOf(study, estimates),
    json: `${JSON.stringify({ study, estimates, runs })}\n`,
    figure: figureOf(study, estimates),
  };
}

type Estimates = Readonly<
  Record<Arm, readonly { lag: number; measure: Estimate; laps: Estimate }[]>
>;

const milliseconds = (seconds: number) => Math.round(1000 * seconds);

function titleOf({ world, demonstrated }: LatenessStudy): string {
  return `Late hands: ${windy[world]!.title}, demonstrations in ${demonstrated === "still" ? "still air" : "gusts"}`;
}

function methodOf({ policy, drives, injected, noise, seeds }: LatenessStudy): string {
  return `${policyKinds[policy]!.title}, ${count(drives, "drive")} with a label at each step for all. ${count(seeds, "person", "people")} (noise ${noise}), injected noise ${injected}. Means over people with 95 % bootstrap intervals, each policy on ${heldOutSeeds.length} held-out starts in gusts.`;
}

function textOf(study: LatenessStudy, estimates: Estimates): string {
  const table = (title: string, key: "measure" | "laps") =>
    tableLines({
      title,
      heading: ["hands late by", ...names.map((arm) => arms[arm].title)],
      rows: lags.map((lag, i) => [
        `${milliseconds(lag)} ms`,
        ...names.map((arm) => withInterval(estimates[arm][i]![key], (value) => value.toFixed(2))),
      ]),
    });
  const { unit } = windy[study.world]!.measure;
  return [
    titleOf(study),
    methodOf(study),
    "",
    ...table(unit, "measure"),
    "",
    ...table("laps before the first fall", "laps"),
    "",
  ].join("\n");
}

function figureOf(study: LatenessStudy, estimates: Estimates): string {
  return svgOf(
    {
      title: titleOf(study),
      note: `As many labels for all. ${count(study.seeds, "person", "people")}: mean, 95 % interval.`,
      x: "hands late by, milliseconds",
      spacing: "even",
      y: windy[study.world]!.measure.unit,
      series: names.map((arm) => ({
        name: arms[arm].title,
        kind: arms[arm].kind,
        points: estimates[arm].map(({ lag, measure: { value, low, high } }) => ({
          x: milliseconds(lag),
          y: value,
          low,
          high,
        })),
      })),
      level: null,
      format: (value) => String(round(value)),
    },
    true,
  );
}
