import { bootstrapInterval, interquartileMean, mean } from "../imitation/statistics.ts";
import { Stream, seeded } from "../random.ts";
import { type ControlName, eachControl } from "./controls.ts";
import type { Price } from "./price.ts";
import type { Growth, Run, Score } from "./run.ts";
import { type Study, worldOf } from "./study.ts";

/** A statistic over the runs, the interquartile mean where no other is named, and its 95 % bootstrap interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** All runs at the same round. */
export interface Point {
  /** Mean over the runs. */
  readonly labels: number;
  /** Labels of the run that had the most. */
  readonly mostLabels: number;
  readonly measure: Estimate;
  /** Steps that an episode lasts. */
  readonly length: Estimate;
  /** Distance off the line, 1 at the edge; null where there is no line. */
  readonly deviation: Estimate | null;
  readonly onOwnStates: Estimate;
  readonly onExpertStates: Estimate;
  /** Means over the runs. */
  readonly switches: number;
  readonly expertShare: number;
}

/** Cumulative cost at some horizons. */
export interface Curve {
  readonly horizons: readonly number[];
  readonly cost: readonly Estimate[];
  readonly costWithoutReset: readonly Estimate[];
  readonly falls: readonly Estimate[];
  /** Price at the full horizon over that at half of it: 2 where errors are independent, 4 at T². */
  readonly doubling: Estimate;
  readonly doublingWithoutReset: Estimate;
}

/** The result of a study, over all runs. */
export interface Summary {
  readonly study: Study;
  /** The expert's own measure. */
  readonly expert: Estimate;
  /** One point a round; empty in a study of cloning alone. */
  readonly dagger: readonly Point[];
  readonly cloning: readonly Point[];
  /** What DAgger is without one half of its choice; null where it chooses nothing. */
  readonly controls: Readonly<Record<ControlName, readonly Point[]>> | null;
  /** The policies that DAgger returns, each the best of its run on the validation episodes. */
  readonly best: Point | null;
  readonly growth: Readonly<Record<"expert" | "cloning" | "dagger", Curve>> | null;
  /** What each point of DAgger, and of cloning, took. Means over the runs. */
  readonly price: Readonly<Record<"cloning" | "dagger", readonly Price[]>> | null;
  /** Clones of demonstrations that take the expert as long as all of DAgger did. */
  readonly asLong: { readonly point: Point; readonly price: Price } | null;
}

/** A study with its summary and every run; the output with `--json`. */
export interface Result extends Summary {
  readonly runs: readonly Run[];
}

const nHorizons = 20;

export function summarise(study: Study, runs: readonly Run[]): Result {
  const growths = runs.flatMap(({ growth }) => (growth ? [growth] : []));
  const horizons = horizonsOf(worldOf(study).horizon);
  const curve = (of: (growth: (typeof growths)[number]) => Growth) =>
    curveOf(study, horizons, growths.map(of));
  return {
    study,
    expert: estimate(
      study,
      runs.map(({ expert }) => expert),
    ),
    dagger: points(
      study,
      runs.map(({ dagger }) => dagger),
    ),
    cloning: points(
      study,
      runs.map(({ cloning }) => cloning),
    ),
    controls: runs.every(({ controls }) => controls)
      ? eachControl((name) =>
          points(
            study,
            runs.map(({ controls }) => controls![name]),
          ),
        )
      : null,
    best:
      study.command === "clone"
        ? null
        : point(
            study,
            runs.map(({ dagger, best }) => dagger[best!]!),
          ),
    growth:
      study.command === "shift"
        ? {
            expert: curve(({ expert }) => expert),
            cloning: curve(({ cloning }) => cloning),
            dagger: curve(({ dagger }) => dagger),
          }
        : null,
    price:
      study.command === "shift"
        ? {
            cloning: rounds(runs.map(({ price }) => price!.cloning)).map(meanPrice),
            dagger: rounds(runs.map(({ price }) => price!.dagger)).map(meanPrice),
          }
        : null,
    asLong:
      study.command === "shift"
        ? {
            point: point(
              study,
              runs.map(({ asLong }) => asLong!.score),
            ),
            price: meanPrice(runs.map(({ asLong }) => asLong!.price)),
          }
        : null,
    runs,
  };
}

/** Cloning's measure divided by DAgger's at the last point; null where DAgger's is 0. */
export function ratio({ dagger, cloning }: Summary): number | null {
  const [mine, other] = [dagger.at(-1)?.measure.value, cloning.at(-1)?.measure.value];
  return mine && other !== undefined ? other / mine : null;
}

/** How much better than cloning DAgger is at the last point, in the measure; negative where it is worse. */
export function advantage({ study, runs }: Result): Estimate {
  const sign = worldOf(study).measure.better === "fewer" ? 1 : -1;
  const pairs = runs.map(({ dagger, cloning }) => [dagger.at(-1)!, cloning.at(-1)!] as const);
  const middle = (of: readonly Score[]) => interquartileMean(of.map(({ measure }) => measure));
  // A run's two policies share its demonstrations, so whole runs are resampled, by index.
  const statistic = (drawn: ArrayLike<number>) => {
    const some = Array.from(drawn, (i) => pairs[i]!);
    return sign * (middle(some.map(([, clone]) => clone)) - middle(some.map(([dagger]) => dagger)));
  };
  const all = [...pairs.keys()];
  const [low, high] = bootstrapInterval([all], statistic, seeded(study.seed, Stream.query));
  return { value: statistic(all), low, high };
}

/** Interquartile mean of scores, with its interval. All runs are one stratum of the bootstrap. */
export function estimate(study: { readonly seed: number }, scores: readonly number[]): Estimate {
  return estimateOf(interquartileMean, study, scores);
}

/** The same of the mean. */
export function meanEstimate(
  study: { readonly seed: number },
  scores: readonly number[],
): Estimate {
  return estimateOf(mean, study, scores);
}

function estimateOf(
  statistic: (scores: ArrayLike<number>) => number,
  { seed }: { readonly seed: number },
  scores: readonly number[],
): Estimate {
  const [low, high] = bootstrapInterval([scores], statistic, seeded(seed, Stream.query));
  return { value: statistic(scores), low, high };
}

function points(study: Study, runs: readonly (readonly Score[])[]): Point[] {
  return rounds(runs).map((scores) => point(study, scores));
}

function meanPrice(prices: readonly Price[]): Price {
  return {
    questions: mean(prices.map(({ questions }) => questions)),
    seconds: mean(prices.map(({ seconds }) => seconds)),
    crashes: mean(prices.map(({ crashes }) => crashes)),
  };
}

/** Of each round what each run has; one that has all its labels keeps what it had last while others go on. */
function rounds<T>(runs: readonly (readonly T[])[]): T[][] {
  const most = Math.max(...runs.map((scores) => scores.length));
  return Array.from({ length: most }, (_, round) =>
    runs.map((scores) => scores[round] ?? scores.at(-1)!),
  );
}

function point(study: Study, scores: readonly Score[]): Point {
  const of = (key: "measure" | "length" | "onOwnStates" | "onExpertStates") =>
    estimate(
      study,
      scores.map((score) => score[key]),
    );
  const deviations = scores.flatMap(({ deviation }) => (deviation === null ? [] : [deviation]));
  const labels = scores.map((score) => score.labels);
  return {
    labels: mean(labels),
    mostLabels: Math.max(...labels),
    measure: of("measure"),
    length: of("length"),
    deviation: deviations.length > 0 ? estimate(study, deviations) : null,
    onOwnStates: of("onOwnStates"),
    onExpertStates: of("onExpertStates"),
    switches: mean(scores.map((score) => score.switches)),
    expertShare: mean(scores.map((score) => score.expertShare)),
  };
}

function curveOf(study: Study, horizons: readonly number[], growths: readonly Growth[]): Curve {
  const at = (key: keyof Growth) =>
    horizons.map((t) =>
      estimate(
        study,
        growths.map((growth) => growth[key][t - 1]!),
      ),
    );
  const last = horizons.at(-1)!;
  const half = Math.max(1, Math.round(last / 2));
  const doubling = (key: keyof Growth) =>
    estimate(
      study,
      growths.map(({ [key]: cost }) =>
        cost[half - 1]! > 0 ? cost[last - 1]! / cost[half - 1]! : 1,
      ),
    );
  return {
    horizons,
    cost: at("cost"),
    costWithoutReset: at("costWithoutReset"),
    falls: at("falls"),
    doubling: doubling("cost"),
    doublingWithoutReset: doubling("costWithoutReset"),
  };
}

/** About twenty horizons up to the full one. */
function horizonsOf(horizon: number): number[] {
  const n = Math.min(nHorizons, horizon);
  return Array.from({ length: n }, (_, i) => Math.round(((i + 1) * horizon) / n));
}
