import type { Random } from "../random.ts";

/** Lower and upper bound. */
export type Interval = readonly [number, number];

/** NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/**
 * Interquartile mean: the mean of the middle half, a quarter of the values (rounded down) left out
 * at each end. Less at the mercy of one wild run than the mean, and less blind than the median
 * (Agarwal et al. 2021, "Deep Reinforcement Learning at the Edge of the Statistical Precipice").
 */
export function interquartileMean(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const cut = Math.floor(sorted.length / 4);
  return mean(sorted.subarray(cut, sorted.length - cut));
}

/** Linear between the two nearest of the values, as numpy's default. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}

/**
 * Percentile interval of `statistic` by the stratified bootstrap (Agarwal et al. 2021): within each
 * stratum, such as a person, as many runs are drawn with replacement as there are, and the
 * statistic is of all that was drawn. What is drawn are whole runs, each with its own seed: the
 * steps of an episode and the episodes of a run depend on each other, and an interval over them
 * would be too narrow.
 * @param strata one list of run scores for each stratum, none empty
 * @throws RangeError where there is no score
 */
export function bootstrapInterval(
  strata: readonly (readonly number[])[],
  statistic: (values: ArrayLike<number>) => number,
  random: Random,
  { resamples = 2000, level = 0.95 }: { resamples?: number; level?: number } = {},
): Interval {
  const n = strata.reduce((sum, stratum) => sum + stratum.length, 0);
  if (n === 0 || strata.some((stratum) => stratum.length === 0)) {
    throw new RangeError("every stratum has at least one score");
  }
  const drawn = new Float64Array(n);
  const statistics = Float64Array.from({ length: resamples }, () => {
    let i = 0;
    for (const stratum of strata) {
      for (let k = 0; k < stratum.length; k++) drawn[i++] = stratum[random.below(stratum.length)]!;
    }
    return statistic(drawn);
  });
  return [quantile(statistics, (1 - level) / 2), quantile(statistics, (1 + level) / 2)];
}
