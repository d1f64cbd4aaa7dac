import type { Shape, Stage } from "../../shared/worlds/world.ts";
import type { RewardMap, Trail } from "../play/activity.ts";
import { type Colours, rewardColour } from "./colours.ts";
import type { Frame } from "./frame.ts";

/** What lies still: painted once and kept as a texture, so that a frame costs nothing for it. */

type Context = CanvasRenderingContext2D;

/** Up to this many tiles a map shows its numbers; beyond, they would not fit. */
const mostNumbers = 100;
/** How strongly a tile is coloured that nobody has been on: it is inferred from elsewhere. */
const inferredOnly = 0.4;

export function paintWorld(c: Context, stage: Stage, frame: Frame, colours: Colours): void {
  for (const shape of stage.shapes) {
    if (shape.kind === "ribbon") paintRibbon(c, shape, frame, colours);
    else paintTile(c, shape, frame, colours);
  }
}

function paintRibbon(
  c: Context,
  { points, closed, halfWidth }: Shape & { kind: "ribbon" },
  frame: Frame,
  colours: Colours,
): void {
  c.beginPath();
  for (const [x, y] of points) c.lineTo(frame.x(x), frame.y(y));
  if (closed) c.closePath();
  c.lineCap = "round";
  c.lineJoin = "round";
  const stroke = (width: number, colour: string) => {
    c.lineWidth = width * frame.scale;
    c.strokeStyle = colour;
    c.stroke();
  };
  stroke(2 * halfWidth + 0.1, colours.edge);
  stroke(2 * halfWidth, colours.road);
  c.setLineDash([0.26 * frame.scale, 0.26 * frame.scale]);
  stroke(0.035, colours.dash);
  c.setLineDash([]);
}

function paintTile(
  c: Context,
  { x, y, size, terrain }: Shape & { kind: "tile" },
  frame: Frame,
  colours: Colours,
): void {
  const at = (dx: number, dy: number) => [frame.x(x + dx * size), frame.y(y + dy * size)] as const;
  const side = 0.94 * size * frame.scale;
  c.fillStyle = colours[terrain];
  c.beginPath();
  c.roundRect(...at(-0.47, 0.47), side, side, 0.08 * size * frame.scale);
  c.fill();
  if (terrain !== "home") return;
  const shape = (colour: string, corners: readonly (readonly [number, number])[]) => {
    c.fillStyle = colour;
    c.beginPath();
    for (const [dx, dy] of corners) c.lineTo(...at(dx, dy));
    c.fill();
  };
  shape(colours.paper, [
    [-0.22, -0.28],
    [-0.22, 0.04],
    [0.22, 0.04],
    [0.22, -0.28],
  ]);
  shape(colours.ink, [
    [-0.32, 0.03],
    [0, 0.3],
    [0.32, 0.03],
  ]);
  shape(colours.ink, [
    [-0.06, -0.28],
    [-0.06, -0.07],
    [0.06, -0.07],
    [0.06, -0.28],
  ]);
}

/** Earlier drives, faintly. */
export function paintTrail(c: Context, trail: Trail, frame: Frame, colours: Colours): void {
  c.beginPath();
  for (const { x, y } of trail.points) c.lineTo(frame.x(x), frame.y(y));
  c.lineJoin = "round";
  c.lineWidth = 0.03 * frame.scale;
  c.strokeStyle = colours[trail.role];
  c.globalAlpha = 0.4;
  c.stroke();
  c.globalAlpha = 1;
}

export function paintMap(
  c: Context,
  { tiles, reward, visits }: RewardMap,
  frame: Frame,
  colours: Colours,
): void {
  const least = Math.min(...reward);
  const most = Math.max(...reward);
  const roomy = tiles.length <= mostNumbers;
  tiles.forEach(({ x, y, size }, i) => {
    const strength = visits[i]! > 0 ? 1 : inferredOnly;
    const colour = rewardColour(reward[i]!, least, most);
    const half = (roomy ? 0.47 : 0.5) * size;
    // Whole pixels, so that neighbours neither overlap nor leave a hairline.
    const left = Math.round(frame.x(x - half));
    const top = Math.round(frame.y(y + half));
    const right = Math.round(frame.x(x + half));
    const bottom = Math.round(frame.y(y - half));
    c.beginPath();
    c.roundRect(left, top, right - left, bottom - top, roomy ? 0.08 * size * frame.scale : 0);
    c.fillStyle = colours.paper;
    c.fill();
    c.globalAlpha = strength;
    c.fillStyle = colour;
    c.fill();
    c.globalAlpha = 1;
    if (!roomy) return;
    c.fillStyle = brightness(colour, strength, colours.paper) > 0.5 ? "#1b1d20" : "#ffffff";
    c.font = `${0.21 * size * frame.scale}px system-ui, sans-serif`;
    c.textAlign = "center";
    c.textBaseline = "middle";
    const sign = reward[i]! < 0 ? "−" : "+";
    c.fillText(`${sign}${Math.abs(reward[i]!).toFixed(2)}`, frame.x(x), frame.y(y));
  });
}

/** Perceived brightness, in [0, 1], of `colour` laid over `paper` with this strength. */
function brightness(colour: string, strength: number, paper: string): number {
  const [r, g, b] = colour.match(/\d+/g)!.map(Number) as [number, number, number];
  const under = [1, 3, 5].map((i) => Number.parseInt(paper.slice(i, i + 2), 16));
  const over = [r, g, b].map((value, i) => strength * value + (1 - strength) * under[i]!);
  return (0.3 * over[0]! + 0.59 * over[1]! + 0.11 * over[2]!) / 255;
}
