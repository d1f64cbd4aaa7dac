import type Phaser from "phaser";
import type { Pose, Stage } from "../../shared/worlds/world.ts";
import type { Role, Tile, Trail } from "../play/activity.ts";
import { type Colours, toNumber } from "./colours.ts";
import type { Frame } from "./frame.ts";

/** What moves: drawn anew in every frame. */

type Graphics = Phaser.GameObjects.Graphics;

export function drawTrail(g: Graphics, trail: Trail, frame: Frame, colours: Colours): void {
  const { points, style, uncertainty } = trail;
  if (points.length < 2) return;
  const colour = toNumber(colours[trail.role]);
  const unit = 1 + 0.012 * frame.scale;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    if (style === "plan") {
      // Every other step is left out, which makes it dashed; where there is but one, it is whole.
      if (i % 2 === 0) continue;
      g.lineStyle(2.4 * unit, colour, 0.95);
    } else {
      // Most of what a learner meets is somewhat familiar; the root spreads the differences out.
      const doubt = uncertainty && Math.sqrt(uncertainty[i - 1]!);
      g.lineStyle(
        (1.6 + 2.4 * (doubt ?? 0)) * unit,
        colour,
        doubt === undefined ? 0.75 : 0.3 + 0.7 * doubt,
      );
    }
    g.lineBetween(frame.x(a.x), frame.y(a.y), frame.x(b.x), frame.y(b.y));
  }
  if (style === "plan") {
    const { x, y } = points.at(-1)!;
    g.fillStyle(colour, 0.95).fillCircle(frame.x(x), frame.y(y), 3.2 * unit);
  }
}

export function drawFall(
  g: Graphics,
  { x, y }: { x: number; y: number },
  frame: Frame,
  colours: Colours,
): void {
  const arm = 0.11;
  g.lineStyle(Math.max(2, 0.05 * frame.scale), toNumber(colours.ink), 0.85);
  g.lineBetween(frame.x(x - arm), frame.y(y - arm), frame.x(x + arm), frame.y(y + arm));
  g.lineBetween(frame.x(x - arm), frame.y(y + arm), frame.x(x + arm), frame.y(y - arm));
}

/** A ring around a tile, in two tones so that it shows on any ground. */
export function drawCursor(
  g: Graphics,
  { x, y, size }: Tile,
  frame: Frame,
  colours: Colours,
): void {
  const side = size * frame.scale;
  const [left, top] = [frame.x(x - size / 2), frame.y(y + size / 2)];
  g.lineStyle(6, toNumber(colours.paper), 1).strokeRect(left, top, side, side);
  g.lineStyle(3, toNumber(colours.ink), 1).strokeRect(left, top, side, side);
}

export function drawAgent(
  g: Graphics,
  { agent: size, body }: Stage,
  { pose, role }: { pose: Pose; role: Role },
  frame: Frame,
  colours: Colours,
): void {
  const cos = Math.cos(pose.heading ?? 0);
  const sin = Math.sin(pose.heading ?? 0);
  const at = (forward: number, left: number) => ({
    x: frame.x(pose.x + size * (forward * cos - left * sin)),
    y: frame.y(pose.y + size * (forward * sin + left * cos)),
  });
  const polygon = (colour: string, corners: readonly (readonly [number, number])[]) => {
    g.fillStyle(toNumber(colour)).beginPath();
    for (const [forward, left] of corners) {
      const { x, y } = at(forward, left);
      g.lineTo(x, y);
    }
    g.closePath().fillPath();
  };
  const circle = (colour: string, left: number, forward: number, radius: number) => {
    const { x, y } = at(left, forward);
    g.fillStyle(toNumber(colour)).fillCircle(x, y, radius * size * frame.scale);
  };
  if (body === "walker") {
    circle(colours.paper, 0, 0, 0.56);
    circle(colours[role], 0, 0, 0.48);
    circle(colours.glass, -0.16, 0.08, 0.07);
    circle(colours.glass, 0.16, 0.08, 0.07);
    return;
  }
  for (const [back, front] of [
    [-0.38, -0.14],
    [0.16, 0.4],
  ] as const) {
    polygon(colours.ink, [
      [back, -0.33],
      [front, -0.33],
      [front, 0.33],
      [back, 0.33],
    ]);
  }
  polygon(colours[role], [
    [-0.5, -0.2],
    [-0.42, -0.27],
    [0.36, -0.27],
    [0.52, -0.16],
    [0.52, 0.16],
    [0.36, 0.27],
    [-0.42, 0.27],
    [-0.5, 0.2],
  ]);
  polygon(colours.glass, [
    [0.04, -0.2],
    [0.24, -0.16],
    [0.24, 0.16],
    [0.04, 0.2],
  ]);
  polygon(colours.glass, [
    [-0.36, -0.17],
    [-0.26, -0.19],
    [-0.26, 0.19],
    [-0.36, 0.17],
  ]);
}
