import type Phaser from "phaser";
import { type Colours, toNumber } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import type { Body } from "./presentation.ts";

/** A car from above, which turns with its heading. */

export function drawCar(
  g: Phaser.GameObjects.Graphics,
  { pose, size, colour, presence }: Body,
  frame: Frame,
  colours: Colours,
): void {
  const cos = Math.cos(pose.heading ?? 0);
  const sin = Math.sin(pose.heading ?? 0);
  const polygon = (colour: number, corners: readonly (readonly [number, number])[]) => {
    g.fillStyle(colour, presence).beginPath();
    for (const [forward, left] of corners) {
      g.lineTo(
        frame.x(pose.x + size * (forward * cos - left * sin)),
        frame.y(pose.y + size * (forward * sin + left * cos)),
      );
    }
    g.closePath().fillPath();
  };
  for (const [back, front] of [
    [-0.38, -0.14],
    [0.16, 0.4],
  ] as const) {
    polygon(toNumber(colours.ink), [
      [back, -0.33],
      [front, -0.33],
      [front, 0.33],
      [back, 0.33],
    ]);
  }
  polygon(colour, [
    [-0.5, -0.2],
    [-0.42, -0.27],
    [0.36, -0.27],
    [0.52, -0.16],
    [0.52, 0.16],
    [0.36, 0.27],
    [-0.42, 0.27],
    [-0.5, 0.2],
  ]);
  polygon(toNumber(colours.glass), [
    [0.04, -0.2],
    [0.24, -0.16],
    [0.24, 0.16],
    [0.04, 0.2],
  ]);
  polygon(toNumber(colours.glass), [
    [-0.36, -0.17],
    [-0.26, -0.19],
    [-0.26, 0.19],
    [-0.36, 0.17],
  ]);
}

export function Car({ size }: { size: number }) {
  return (
    <rect
      x={-0.7 * size}
      y={-0.42 * size}
      width={1.4 * size}
      height={0.84 * size}
      rx={0.2 * size}
    />
  );
}
