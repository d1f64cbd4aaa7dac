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

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: ArrayLike<number>): number {
  return values.length === 0 ? Number.NaN : quantile(values, 0.5);
}

/**
 * Interval of the median by order statistics: the k-th lowest and the k-th highest of the values, k as
 * large as it may be. It holds the median of the distribution with a probability of at least `level`,
 * whatever the distribution, since the number of values below that median is binomial; nothing is drawn
 * (Thompson 1936; David and Nagaraja 2003, §7.1). It has 95.9 % for 20 values.
 * @param values at most 1,000
 * @returns lowest and highest value where there are too few for `level`, fewer than 6 for 95 %
 * @throws RangeError where there is no value
 */
export function medianInterval(values: ArrayLike<number>, level = 0.95): Interval {
  const n = values.length;
  if (n === 0) throw new RangeError("the median of nothing has no interval");
  const sorted = Float64Array.from(values).sort();
  let k = 0;
  // P(at most k values lie below the median).
  let [term, tail] = [2 ** -n, 2 ** -n];
  while (2 * k < n && 2 * tail <= 1 - level) {
    k++;
    term *= (n - k + 1) / k;
    tail += term;
  }
  const rank = Math.max(1, k);
  return [sorted[rank - 1]!, sorted[n - rank]!];
}

/**
 * Exact sign test of whether `one` tends to be more than `other` on the same cases; ties are left out.
 * @returns how probable it is that as many of the differences are positive where each sign is as likely
 */
export function signTest(one: readonly number[], other: readonly number[]): number {
  const differences = one.map((value, i) => value - other[i]!).filter((value) => value !== 0);
  const n = differences.length;
  const positive = differences.filter((value) => value > 0).length;
  let [term, below] = [2 ** -n, 0];
  for (let k = 0; k < positive; k++) {
    below += term;
    term *= (n - k) / (k + 1);
  }
  return 1 - below;
}
