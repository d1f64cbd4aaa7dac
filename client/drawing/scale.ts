import { interpolateCividis } from "d3-scale-chromatic";

/** The colour of a share of the way from the worst to the best, "rgb(r, g, b)": one scale for all maps. */
export function shadeColour(share: number): string {
  return interpolateCividis(share);
}

/** A reward's colour on that scale. */
export function rewardColour(reward: number, least: number, most: number): string {
  return shadeColour(most > least ? (reward - least) / (most - least) : 0.5);
}
