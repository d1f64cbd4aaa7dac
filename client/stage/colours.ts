import { interpolateCividis } from "d3-scale-chromatic";

const names = [
  "paper",
  "road",
  "edge",
  "dash",
  "lawn",
  "home",
  "wall",
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

/** A reward's colour, "rgb(r, g, b)", on the one scale that maps and their legends share. */
export function rewardColour(reward: number, least: number, most: number): string {
  return interpolateCividis(most > least ? (reward - least) / (most - least) : 0.5);
}
