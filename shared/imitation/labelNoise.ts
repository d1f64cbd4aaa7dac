import { type ActionSpace, width } from "../spaces.ts";
import type { Interval } from "./statistics.ts";

/** How much two labels of the same state differ, told as the noise of one label. */
export interface LabelNoise {
  /** That it is told from. */
  readonly pairs: number;
  /**
   * Where actions are continuous, the standard deviation of one label as a share of half the range; where they are a
   * few, the probability of a slip to any of the others. As in `NoiseModel`.
   */
  readonly noise: number;
  /** Holds the noise with 90 %, if the pairs are independent. */
  readonly interval: Interval;
}

/** Two actions for the same state. */
export type LabelPair = readonly [one: ArrayLike<number>, other: ArrayLike<number>];

/** Of the normal distribution, at 95 %. */
const z = 1.6448536269514722;

/**
 * The noise of a label, from pairs of labels for the same states whose errors are independent and of the same size: half of
 * what the two differ by is each one's. Where they come from two ways of labelling, it is the mean of the two, by their
 * squares, with whatever is systematic between them.
 *
 * With continuous actions the squares' sum is σ² χ² (normal errors), of which the interval is. What is at the end of
 * its range is left out: it would have gone further, and says little of how far. With a few actions the number of
 * pairs that differ is binomial (interval of Wilson 1927).
 *
 * @returns null where there is no pair to tell from
 */
export function labelNoise(space: ActionSpace, pairs: readonly LabelPair[]): LabelNoise | null {
  const n = pairs.length;
  if (n === 0) return null;
  if (space.kind === "discrete") {
    const differing = pairs.filter(([one, other]) => one[0] !== other[0]).length;
    const slip = (share: number) => slipOf(share, space.names.length);
    const [low, high] = wilson(differing, n);
    return { pairs: n, noise: slip(differing / n), interval: [slip(low), slip(high)] };
  }
  const wide = width(space);
  let squares = 0;
  let degrees = 0;
  let told = 0;
  for (const [one, other] of pairs) {
    const before = degrees;
    for (let k = 0; k < wide; k++) {
      const [low, high] = [space.low[k]!, space.high[k]!];
      const isFree = (action: number) => low < action && action < high;
      if (!isFree(one[k]!) || !isFree(other[k]!)) continue;
      const apart = (one[k]! - other[k]!) / ((high - low) / 2);
      squares += (apart * apart) / 2;
      degrees++;
    }
    if (degrees > before) told++;
  }
  if (told === 0) return null;
  return {
    pairs: told,
    noise: Math.sqrt(squares / degrees),
    interval: [
      Math.sqrt(squares / chiSquare(z, degrees)),
      Math.sqrt(squares / chiSquare(-z, degrees)),
    ],
  };
}

/**
 * The probability e of a slip to any of the m − 1 other actions at which two labels differ with probability q:
 * q = 2e − e² m / (m − 1). Labels that are drawn by chance differ with (m − 1) / m, and no slips make them differ more.
 */
function slipOf(q: number, m: number): number {
  const most = (m - 1) / m;
  return most * (1 - Math.sqrt(Math.max(0, 1 - q / most)));
}

/** Holds the probability of something that came k times in n. */
function wilson(k: number, n: number): Interval {
  const p = k / n;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** The quantile of χ² that is z standard deviations from the middle of a normal distribution (Wilson and Hilferty 1931). */
function chiSquare(z: number, degrees: number): number {
  const spread = 2 / (9 * degrees);
  const root = Math.max(1e-3, 1 - spread + z * Math.sqrt(spread));
  return degrees * root * root * root;
}
