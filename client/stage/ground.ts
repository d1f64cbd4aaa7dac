import type { Level } from "../../shared/worlds/level.ts";
import type { Point } from "../../shared/worlds/picture.ts";
import type { Colours } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import { fillMark, roundTile, tileGap } from "../drawing/tiles.ts";
import type { Trail } from "../drawing/trails.ts";
import { linesOf } from "../drawing/trails.ts";
import { presentationOf } from "../worlds/index.ts";
import type { Heat, RewardMap } from "./activity.ts";
import { fallArm, fallWidth, roleColour } from "./draw.ts";

/** What lies still: painted once and kept as a texture, so that a frame costs nothing for it. */

type Context = CanvasRenderingContext2D;

/** Width of a rim, as a share of the tile's side. */
const rim = 0.11;
/** How much there is of a colour that is a first guess only. */
const faint = 0.35;
/** A tile of fewer pixels has no room for a number. */
const leastRoom = 34;
const dark = "#1b1d20";
const light = "#ffffff";

/** Earlier drives, faintly. */
export function paintTrail(c: Context, trail: Trail, frame: Frame, colours: Colours): void {
  c.beginPath();
  for (const points of linesOf(trail.points)) {
    c.moveTo(frame.x(points[0]!.x), frame.y(points[0]!.y));
    for (const { x, y } of points) c.lineTo(frame.x(x), frame.y(y));
  }
  c.lineJoin = "round";
  c.lineWidth = 0.03 * frame.scale;
  c.strokeStyle = roleColour(colours, trail.role);
  c.globalAlpha = 0.6;
  c.stroke();
  c.globalAlpha = 1;
  if (trail.fell) paintFall(c, trail.points.at(-1)!, frame, colours);
}

/** A cross where an earlier drive fell, as large as that of the drive under way. */
function paintFall(c: Context, { x, y }: Point, frame: Frame, colours: Colours): void {
  c.beginPath();
  for (const side of [-fallArm, fallArm]) {
    c.moveTo(frame.x(x - fallArm), frame.y(y - side));
    c.lineTo(frame.x(x + fallArm), frame.y(y + side));
  }
  c.lineWidth = fallWidth(frame);
  c.strokeStyle = colours.ink;
  c.globalAlpha = 0.85;
  c.stroke();
  c.globalAlpha = 1;
}

/** Soft blots, each of them as strong as its place was frequented. */
export function paintHeat(
  c: Context,
  { role, places, radius }: Heat,
  frame: Frame,
  colours: Colours,
): void {
  // On a sheet of its own, so that where blots overlap there is more of a colour but never all of it.
  const sheet = new OffscreenCanvas(c.canvas.width, c.canvas.height);
  const s = sheet.getContext("2d")!;
  const colour = roleColour(colours, role);
  const reach = radius * frame.scale;
  for (const { x, y, often } of places) {
    const [px, py] = [frame.x(x), frame.y(y)];
    const blot = s.createRadialGradient(px, py, 0, px, py, reach);
    blot.addColorStop(0, colour);
    blot.addColorStop(1, `${colour}00`);
    s.globalAlpha = 0.25 + 0.75 * often;
    s.fillStyle = blot;
    s.fillRect(px - reach, py - reach, 2 * reach, 2 * reach);
  }
  if (role !== "expert") {
    // In dots, so that both can be seen where both were.
    s.globalAlpha = 1;
    s.globalCompositeOperation = "destination-in";
    s.fillStyle = dots(s, Math.max(5, 0.11 * frame.scale));
    s.fillRect(0, 0, sheet.width, sheet.height);
  }
  c.globalAlpha = role === "expert" ? 0.65 : 0.9;
  c.drawImage(sheet, 0, 0);
  c.globalAlpha = 1;
}

/** A pattern of round dots, `apart` pixels from each other. */
function dots(c: OffscreenCanvasRenderingContext2D, apart: number): CanvasPattern {
  const side = Math.round(apart);
  const tile = new OffscreenCanvas(side, side);
  const t = tile.getContext("2d")!;
  t.arc(side / 2, side / 2, 0.3 * side, 0, 2 * Math.PI);
  t.fill();
  return c.createPattern(tile, "repeat")!;
}

export function paintMap(
  c: Context,
  { tiles, colours: own, unsure = [], numbers, rims }: RewardMap,
  level: Level,
  frame: Frame,
  colours: Colours,
): void {
  const { markAt } = presentationOf(level);
  tiles.forEach((tile, i) => {
    const colour = own[i]!;
    const side = tile.size * frame.scale;
    const mark = markAt?.(level.picture, tile) ?? null;
    if (rims) {
      if (colour === null) return;
      roundTile(c, tile, frame, tileGap + rim / 2);
      c.lineWidth = rim * side;
      c.strokeStyle = colour;
      c.globalAlpha = unsure[i] ? faint : 1;
      c.stroke();
      c.globalAlpha = 1;
      return;
    }
    roundTile(c, tile, frame, mark === null ? 0 : tileGap);
    const isSure = colour !== null && !unsure[i];
    c.fillStyle = isSure ? colour : colours.paper;
    c.fill();
    if (!isSure && colour !== null) {
      c.globalAlpha = faint;
      c.fillStyle = colour;
      c.fill();
      c.globalAlpha = 1;
    }
    if (!isSure) hatch(c, side, colours);
    const ink = isSure ? (brightness(colour) > 0.5 ? dark : light) : colours.ink;
    c.fillStyle = ink;
    if (mark !== null) {
      c.globalAlpha = 0.22;
      fillMark(c, mark, tile, frame);
      c.globalAlpha = 1;
    }
    if (side < leastRoom) return;
    c.font = `600 ${0.22 * side}px system-ui, sans-serif`;
    c.textAlign = "center";
    c.textBaseline = "middle";
    // Below the middle, where walks go through.
    c.fillText(numbers[i]!, frame.x(tile.x), frame.y(tile.y) + 0.3 * side, 0.86 * side);
  });
}

/** Diagonal lines over the outline that is current. */
function hatch(c: Context, side: number, colours: Colours): void {
  const step = Math.max(4, side / 8);
  const pattern = new OffscreenCanvas(Math.round(step), Math.round(step));
  const p = pattern.getContext("2d")!;
  p.strokeStyle = colours.line;
  p.lineWidth = Math.max(1, step / 8);
  for (const shift of [-step, 0, step]) {
    p.moveTo(shift, step);
    p.lineTo(shift + step, 0);
  }
  p.stroke();
  c.fillStyle = c.createPattern(pattern, "repeat")!;
  c.fill();
}

/** Perceived brightness of "rgb(r, g, b)", in [0, 1]. */
function brightness(colour: string): number {
  const [r, g, b] = colour.match(/\d+/g)!.map(Number) as [number, number, number];
  return (0.3 * r + 0.59 * g + 0.11 * b) / 255;
}
