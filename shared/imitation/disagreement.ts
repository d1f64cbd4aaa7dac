import type { ActionSpace } from "../spaces.ts";

/**
 * How far apart two actions are, in [0, 1]: whether they differ where actions are discrete, and
 * otherwise the mean distance of their coordinates as a share of the coordinate's range.
 */
export function disagreement(
  space: ActionSpace,
  one: ArrayLike<number>,
  other: ArrayLike<number>,
): number {
  if (space.kind === "discrete") return one[0] === other[0] ? 0 : 1;
  const sum = space.low.reduce(
    (total, low, k) => total + Math.abs(one[k]! - other[k]!) / (space.high[k]! - low),
    0,
  );
  return sum / space.low.length;
}
