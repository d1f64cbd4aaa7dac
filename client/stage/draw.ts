import type Phaser from "phaser";
import type { Pose, Stage } from "../../shared/worlds/world.ts";
import type { Role, Tile, Trail } from "../play/activity.ts";
import { strokeOf } from "../play/shift.ts";
import { type Colours, toNumber } from "./colours.ts";
import type { Frame } from "./frame.ts";

/** What moves: drawn anew in every frame. */

type Graphics = Phaser.GameObjects.Graphics;

/** How much of a ghost's colour there is. */
const ghostly = 0.4;

export function roleColour(colours: Colours, role: Role): string {
  return colours[role === "ghost" ? "learner" : role];
}

export function drawTrail(g: Graphics, trail: Trail, frame: Frame, colours: Colours): void {
  const { points, style, uncertainty } = trail;
  if (points.length < 2) return;
  const solid = roleColour(colours, trail.role);
  const colour = toNumber(solid);
  const presence = trail.role === "ghost" ? ghostly : 1;
  const unit = 1 + 0.012 * frame.scale;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    if (style === "plan") {
      // Every other step is left out, which makes it dashed; where there is but one, it is whole.
      if (i % 2 === 0) continue;
      g.lineStyle(2.4 * unit, colour, 0.95);
    } else {
      const stroke = uncertainty && strokeOf(uncertainty[i - 1]!);
      if (stroke) {
        // Mixed rather than transparent, so that it reads the same on any ground.
        g.lineStyle(stroke.width * unit, mix(colours.paper, solid, stroke.colour), 1);
      } else g.lineStyle(1.6 * unit, colour, 0.75 * presence);
    }
    g.lineBetween(frame.x(a.x), frame.y(a.y), frame.x(b.x), frame.y(b.y));
  }
  if (style === "plan") {
    const { x, y } = points.at(-1)!;
    g.fillStyle(colour, 0.95).fillCircle(frame.x(x), frame.y(y), 3.2 * unit);
  }
}

/** The colour a share of the way from one "#rrggbb" to another. */
export function mix(from: string, to: string, share: number): number {
  const [a, b] = [toNumber(from), toNumber(to)];
  return [16, 8, 0].reduce((sum, shift) => {
    const [start, end] = [(a >> shift) & 255, (b >> shift) & 255];
    return sum + (Math.round(start + share * (end - start)) << shift);
  }, 0);
}

/** A ring around a place, in two tones so that it shows on any ground. */
export function drawRing(
  g: Graphics,
  { x, y }: { x: number; y: number },
  { agent }: Stage,
  frame: Frame,
  colours: Colours,
): void {
  const radius = Math.max(12, 0.85 * agent * frame.scale);
  g.lineStyle(7, toNumber(colours.paper), 1).strokeCircle(frame.x(x), frame.y(y), radius);
  g.lineStyle(3, toNumber(colours.ink), 1).strokeCircle(frame.x(x), frame.y(y), radius);
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

/** Full lock on the dial, radians; what a wheel turns by is too little to be seen. */
const dialReach = 1.2;

/**
 * Where the wheel is turned to, as an arc ahead of the agent: how far it could go, and the person's
 * hand on it, from straight on to where it is.
 * @param radius pixels
 * @param wheel in [-1, 1], anticlockwise positive
 */
function drawDial(
  g: Graphics,
  pose: Pose,
  radius: number,
  wheel: number,
  frame: Frame,
  colours: Colours,
): void {
  const [x, y] = [frame.x(pose.x), frame.y(pose.y)];
  // The canvas counts its angles clockwise.
  const ahead = -(pose.heading ?? 0);
  const arc = (from: number, to: number, width: number, colour: string) => {
    g.lineStyle(width, toNumber(colour), 1).beginPath();
    g.arc(x, y, radius, ahead - from * dialReach, ahead - to * dialReach, from < to).strokePath();
  };
  const knob = (share: number, size: number, colour: string) => {
    const angle = ahead - share * dialReach;
    g.fillStyle(toNumber(colour), 1);
    g.fillCircle(x + radius * Math.cos(angle), y + radius * Math.sin(angle), size);
  };
  const unit = 1 + 0.012 * frame.scale;
  arc(-1, 1, 3.6 * unit, colours.paper);
  arc(-1, 1, 1.2 * unit, colours.ink);
  for (const share of [-1, 0, 1]) knob(share, 1.8 * unit, colours.ink);
  if (wheel !== 0) arc(0, wheel, 3 * unit, colours.expert);
  knob(wheel, 4.2 * unit, colours.paper);
  knob(wheel, 3 * unit, colours.expert);
}

export function drawAgent(
  g: Graphics,
  { agent: size, body }: Stage,
  { pose, role, wheel }: { pose: Pose; role: Role; wheel?: number },
  frame: Frame,
  colours: Colours,
): void {
  if (wheel !== undefined) drawDial(g, pose, 1.1 * size * frame.scale, wheel, frame, colours);
  const cos = Math.cos(pose.heading ?? 0);
  const sin = Math.sin(pose.heading ?? 0);
  const at = (forward: number, left: number) => ({
    x: frame.x(pose.x + size * (forward * cos - left * sin)),
    y: frame.y(pose.y + size * (forward * sin + left * cos)),
  });
  const presence = role === "ghost" ? ghostly : 1;
  const own = roleColour(colours, role);
  const polygon = (colour: string, corners: readonly (readonly [number, number])[]) => {
    g.fillStyle(toNumber(colour), presence).beginPath();
    for (const [forward, left] of corners) {
      const { x, y } = at(forward, left);
      g.lineTo(x, y);
    }
    g.closePath().fillPath();
  };
  const circle = (colour: string, left: number, forward: number, radius: number) => {
    const { x, y } = at(left, forward);
    g.fillStyle(toNumber(colour), presence).fillCircle(x, y, radius * size * frame.scale);
  };
  if (body === "walker") {
    circle(colours.paper, 0, 0, 0.56);
    circle(own, 0, 0, 0.48);
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
  polygon(own, [
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
