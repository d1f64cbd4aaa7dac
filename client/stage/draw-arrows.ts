import type Phaser from "phaser";
import { type Colours, toNumber } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import type { Tile } from "../drawing/tiles.ts";
import type { Arrow, View } from "./activity.ts";
import { mix } from "./draw.ts";

type Graphics = Phaser.GameObjects.Graphics;
type Points = Arrow["points"];

/** Share of the learner's colour that an arrow has where the learner knows nothing. */
const leastColour = 0.55;
/** Opacity of an arrow that has not changed, as a share of that of the others. */
const unchanged = 0.55;

/**
 * What the learner would do, place by place: the more of its colour an arrow has, the better the learner
 * knows the place. A choice that has changed is bold, with the earlier one in ink beside it and the area
 * between the two filled.
 */
export function drawField(
  g: Graphics,
  { arrows, presence }: NonNullable<View["field"]>,
  frame: Frame,
  colours: Colours,
): void {
  const unit = 1 + 0.012 * frame.scale;
  const [paper, ink, learner] = [colours.paper, colours.ink, colours.learner].map(toNumber) as [
    number,
    number,
    number,
  ];
  const arrow = (points: Points, width: number, colour: number, alpha: number) => {
    stroke(g, points, (width + 1.8) * unit, paper, 0.7 * alpha, frame);
    stroke(g, points, width * unit, colour, alpha, frame);
  };
  for (const { points, was, familiarity } of arrows) {
    if (was) continue;
    const share = leastColour + (1 - leastColour) * familiarity;
    arrow(points, 1.3, mix(colours.paper, colours.learner, share), unchanged * presence);
  }
  for (const { points, was, tile } of arrows) {
    if (!was) continue;
    if (tile) light(g, tile, learner, presence, frame);
    else sweep(g, was, points, learner, presence, frame);
    arrow(was, 1.2, ink, 0.55 * presence);
    arrow(points, 2.8, learner, presence);
  }
}

/** A tile lit in a colour. */
function light(g: Graphics, tile: Tile, colour: number, alpha: number, frame: Frame): void {
  const side = 0.88 * tile.size * frame.scale;
  const [left, top] = [frame.x(tile.x) - side / 2, frame.y(tile.y) - side / 2];
  g.fillStyle(colour, 0.28 * alpha).fillRect(left, top, side, side);
  g.lineStyle(0.05 * side, colour, alpha).strokeRect(left, top, side, side);
}

/** Fills the area between two ways that begin at the same point. */
function sweep(
  g: Graphics,
  one: Points,
  other: Points,
  colour: number,
  alpha: number,
  frame: Frame,
): void {
  g.fillStyle(colour, 0.4 * alpha).beginPath();
  for (const { x, y } of [...one, ...other.toReversed()]) g.lineTo(frame.x(x), frame.y(y));
  g.closePath().fillPath();
}

/** An arrow along `points`, or a dot where there is but one. */
function stroke(
  g: Graphics,
  points: Points,
  width: number,
  colour: number,
  alpha: number,
  frame: Frame,
): void {
  const [x, y] = [frame.x(points.at(-1)!.x), frame.y(points.at(-1)!.y)];
  if (points.length < 2) {
    g.fillStyle(colour, alpha).fillCircle(x, y, 1.6 * width);
    return;
  }
  g.lineStyle(width, colour, alpha).beginPath();
  for (const point of points) g.lineTo(frame.x(point.x), frame.y(point.y));
  const before = points.at(-2)!;
  const ahead = Math.atan2(y - frame.y(before.y), x - frame.x(before.x));
  const arm = 3 * Math.sqrt(width) + 0.4 * width;
  for (const side of [-2.5, 2.5]) {
    g.moveTo(x, y);
    g.lineTo(x + arm * Math.cos(ahead + side), y + arm * Math.sin(ahead + side));
  }
  g.strokePath();
}
