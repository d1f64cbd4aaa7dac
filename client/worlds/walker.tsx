import type Phaser from "phaser";
import { type Colours, toNumber } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import type { Body } from "./presentation.ts";

/** Somebody on foot: a head with two eyes, which looks at you whichever way it goes. */

export function drawWalker(
  g: Phaser.GameObjects.Graphics,
  { pose, size, colour, presence }: Body,
  frame: Frame,
  colours: Colours,
): void {
  const circle = (colour: number, forward: number, left: number, radius: number) => {
    g.fillStyle(colour, presence).fillCircle(
      frame.x(pose.x + size * forward),
      frame.y(pose.y + size * left),
      radius * size * frame.scale,
    );
  };
  circle(toNumber(colours.paper), 0, 0, 0.56);
  circle(colour, 0, 0, 0.48);
  circle(toNumber(colours.glass), -0.16, 0.08, 0.07);
  circle(toNumber(colours.glass), 0.16, 0.08, 0.07);
}

export function Walker({ size }: { size: number }) {
  return <circle r={0.5 * size} />;
}
