import type Phaser from "phaser";
import type { Level } from "../../shared/worlds/level.ts";
import type { Picture, Point, Pose } from "../../shared/worlds/picture.ts";
import { type Colours, toNumber } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import type { Tile } from "../drawing/tiles.ts";
import type { Role, Trail } from "../drawing/trails.ts";
import { linesOf, strokeOf } from "../drawing/trails.ts";
import { presentationOf } from "../worlds/index.ts";
import type { View } from "./activity.ts";
import { drawParts } from "./primitives.ts";

/** What moves: drawn anew in every frame. */

type Graphics = Phaser.GameObjects.Graphics;

/** How much of a ghost's colour there is. */
const ghostly = 0.4;

export function roleColour(colours: Colours, role: Role): string {
  return colours[role === "ghost" ? "learner" : role];
}

/** How much of a role's colour there is. */
export function presenceOf(role: Role): number {
  return role === "ghost" ? ghostly : 1;
}

/** What draws lines and dots: Phaser's graphics, or a canvas of one's own. Pixels, colours as numbers. */
export interface Pen {
  lineStyle(width: number, colour: number, alpha: number): unknown;
  lineBetween(fromX: number, fromY: number, toX: number, toY: number): unknown;
  fillStyle(colour: number, alpha: number): unknown;
  fillCircle(x: number, y: number, radius: number): unknown;
}

export function drawTrail(g: Pen, trail: Trail, frame: Frame, colours: Colours): void {
  for (const points of linesOf(trail.points)) drawLine(g, points, trail, frame, colours);
}

function drawLine(
  g: Pen,
  points: readonly Point[],
  trail: Trail,
  frame: Frame,
  colours: Colours,
): void {
  const { style, uncertainty, dashed } = trail;
  if (points.length < 2) return;
  const solid = roleColour(colours, trail.role);
  const colour = toNumber(solid);
  const presence = presenceOf(trail.role);
  const unit = 1 + 0.012 * frame.scale;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    if (dashed && i % 6 > 2) continue;
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
    g.fillStyle(colour, 0.95);
    g.fillCircle(frame.x(x), frame.y(y), 3.2 * unit);
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
  { agent }: Picture,
  frame: Frame,
  colours: Colours,
): void {
  const radius = Math.max(12, 0.85 * agent * frame.scale);
  g.lineStyle(7, toNumber(colours.paper), 1).strokeCircle(frame.x(x), frame.y(y), radius);
  g.lineStyle(3, toNumber(colours.ink), 1).strokeCircle(frame.x(x), frame.y(y), radius);
}

/** Half the side of a fall's cross, in the world's units. */
export const fallArm = 0.11;

/** How wide a fall's lines are, pixels. */
export function fallWidth({ scale }: Frame, size = 1): number {
  return Math.max(2, 0.05 * size * scale);
}

/** @param size how many times as large as on a stage of its own */
export function drawFall(
  g: Pen,
  { x, y }: { x: number; y: number },
  frame: Frame,
  colours: Colours,
  size = 1,
): void {
  const arm = fallArm * size;
  g.lineStyle(fallWidth(frame, size), toNumber(colours.ink), 0.85);
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

export type Agent = View["agents"][number];

/** What there is of an agent besides its body: the wheel in its hands. */
export function drawWheel(
  g: Graphics,
  level: Level,
  { pose, wheel }: Agent,
  frame: Frame,
  colours: Colours,
): void {
  if (wheel === undefined) return;
  drawDial(g, pose, 1.1 * level.picture.agent * frame.scale, wheel, frame, colours);
}

/** Where the state lies on the map, for whoever is drawn elsewhere. */
export function drawPlace(
  g: Graphics,
  { pose: { onMap }, role }: Agent,
  frame: Frame,
  colours: Colours,
): void {
  if (!onMap) return;
  const own = toNumber(roleColour(colours, role));
  const presence = presenceOf(role);
  const [x, y] = [frame.x(onMap.x), frame.y(onMap.y)];
  const radius = Math.max(4, 0.1 * frame.scale);
  g.fillStyle(toNumber(colours.paper), presence).fillCircle(x, y, 1.35 * radius);
  g.fillStyle(own, presence).fillCircle(x, y, radius);
}

/** What those who went this way have left on the ground. */
export function drawTracks(
  g: Graphics,
  level: Level,
  poses: readonly Pose[],
  frame: Frame,
  colours: Colours,
): void {
  const tracks = presentationOf(level).tracks?.(poses, level.picture);
  if (!tracks) return;
  const at = (x: number, y: number) => ({ x: frame.x(x), y: frame.y(y) });
  const own = toNumber(colours.ink);
  drawParts(g, tracks, { at, scale: frame.scale, own, presence: 1 }, colours);
}
