import { interpolateCividis } from "d3-scale-chromatic";

const names = [
  "paper",
  "road",
  "edge",
  "dash",
  "lawn",
  "lawn-mark",
  "flowers",
  "flowers-mark",
  "mud",
  "mud-mark",
  "puddle",
  "puddle-mark",
  "gravel",
  "gravel-mark",
  "wall",
  "wall-mark",
  "home",
  "home-mark",
  "line",
  "ink",
  "expert",
  "learner",
  "glass",
] as const;

/** The theme's colours, "#rrggbb", as the style sheet has them. */
export type Colours = Readonly<Record<(typeof names)[number], string>>;

/** Reads the colours of the theme in force. */
export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const entries = names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return Object.fromEntries(entries) as Colours;
}

/** "#rrggbb" as the number that Phaser wants. */
export function toNumber(colour: string): number {
  return Number.parseInt(colour.slice(1), 16);
}

/** The colour of a share of the way from the worst to the best, "rgb(r, g, b)": one scale for all maps. */
export function shadeColour(share: number): string {
  return interpolateCividis(share);
}

/** A reward's colour on that scale. */
export function rewardColour(reward: number, least: number, most: number): string {
  return shadeColour(most > least ? (reward - least) / (most - least) : 0.5);
}
