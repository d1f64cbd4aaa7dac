import { interpolateCividis } from "d3-scale-chromatic";

/** The colour of an amount, at its share of the way from the least to the most, "rgb(r, g, b)". */
export function shadeColour(share: number): string {
  return interpolateCividis(share);
}

/** Of what is avoided, what is neither, and what is liked: blue and yellow, which all eyes tell apart. */
const avoided = [0, 68, 168] as const;
const neither = [134, 134, 134] as const;
const liked = [253, 234, 69] as const;

/**
 * The colour of a reward that is measured against something, as a share of the largest on either side:
 * from −1, blue, to 1, yellow. It is grey at 0, and grows lighter all the way: shades alone tell the sides apart.
 */
export function rewardColour(share: number): string {
  const end = share < 0 ? avoided : liked;
  const far = Math.min(1, Math.abs(share));
  return `rgb(${neither.map((from, i) => Math.round(from + far * (end[i]! - from))).join(", ")})`;
}
