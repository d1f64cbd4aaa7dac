import { interpolateCividis } from "d3-scale-chromatic";

/** The theme's colours, as the style sheet has them and the canvas wants them. */
export interface Colours {
  readonly paper: number;
  readonly road: number;
  readonly edge: number;
  readonly dash: number;
  readonly lawn: number;
  readonly home: number;
  readonly wall: number;
  readonly line: number;
  readonly ink: number;
  readonly expert: number;
  readonly learner: number;
  readonly glass: number;
}

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
] as const satisfies (keyof Colours)[];

/** Reads the colours of the theme in force. */
export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    names.map((name) => [
      name,
      Number.parseInt(style.getPropertyValue(`--${name}`).trim().slice(1), 16),
    ]),
  ) as unknown as Colours;
}

/** A reward's colour on the one scale that maps and their legends share. */
export function rewardColour(reward: number, least: number, most: number): string {
  return interpolateCividis(most > least ? (reward - least) / (most - least) : 0.5);
}

/** "rgb(1, 2, 3)" as the number that a canvas wants. */
export function toNumber(rgb: string): number {
  const [r, g, b] = rgb.match(/\d+/g)!.map(Number);
  return (r! << 16) | (g! << 8) | b!;
}
