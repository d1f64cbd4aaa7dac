import type Phaser from "phaser";
import { type Colours, toNumber } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import type { Feeling, Moment } from "./feeling.ts";

/** What a fall and a gust do to the picture: it shakes, and there are strokes of wind. */

type Graphics = Phaser.GameObjects.Graphics;

/** For how many seconds a fall shakes the picture, how often to and fro, and how far, in units. */
const shakeSeconds = 0.24;
const shakes = 4;
const shakeReach = 0.11;
const gustSeconds = 0.6;

/** How far to the side the picture is shaken by a fall, in the world's units. */
export function shakeOf({ fall }: Feeling): number {
  if (!fall || fall.age >= shakeSeconds) return 0;
  const share = fall.age / shakeSeconds;
  return shakeReach * (1 - share) * Math.sin(2 * Math.PI * shakes * share);
}

/**
 * Strokes of wind around an agent that a gust has caught.
 * @param moves whether the strokes drift with the wind
 */
export function drawGust(
  g: Graphics,
  { x, y, age, toward }: Moment & { toward: number },
  moves: boolean,
  frame: Frame,
  colours: Colours,
): void {
  const share = age / gustSeconds;
  if (share >= 1) return;
  const [cos, sin] = [Math.cos(toward), Math.sin(toward)];
  const at = (along: number, across: number) => ({
    x: frame.x(x + along * cos - across * sin),
    y: frame.y(y + along * sin + across * cos),
  });
  const drift = moves ? 0.9 * share : 0.2;
  g.lineStyle(Math.max(1.5, 0.045 * frame.scale), toNumber(colours.ink), 0.8 * (1 - share));
  for (const [across, start, length] of [
    [-0.42, -0.85, 0.55],
    [-0.2, -1.05, 0.75],
    [0.02, -0.8, 0.5],
    [0.23, -1, 0.7],
    [0.44, -0.75, 0.45],
  ] as const) {
    const [from, to] = [at(start + drift, across), at(start + drift + length, across)];
    g.lineBetween(from.x, from.y, to.x, to.y);
  }
}
