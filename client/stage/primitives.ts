import type Phaser from "phaser";
import { type Colours, toNumber } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import type { Part, Points, Primitive } from "../drawing/primitives.ts";
import { fillMark, roundTile, shadeTile, tileGap } from "../drawing/tiles.ts";
import { paintMeadow } from "./meadow.ts";

/** Pixels below which a line, and words, could not be seen or read. */
const leastWidth = 1;
const leastText = 9;

/** Paints a drawing on the ground. */
export function paintPrimitives(
  c: CanvasRenderingContext2D,
  primitives: readonly Primitive[],
  frame: Frame,
  colours: Colours,
): void {
  const trace = (points: Points) => {
    c.beginPath();
    for (const [x, y] of points) c.lineTo(frame.x(x), frame.y(y));
  };
  for (const primitive of primitives) {
    switch (primitive.kind) {
      case "meadow":
        paintMeadow(c, primitive, frame, colours);
        break;
      case "area":
        trace(primitive.points);
        c.fillStyle = colours.of(primitive.fill);
        c.globalAlpha = primitive.opacity ?? 1;
        c.fill();
        c.globalAlpha = 1;
        break;
      case "line": {
        const { points, closed, stroke, width, dash, ends, opacity = 1 } = primitive;
        trace(points);
        if (closed) c.closePath();
        c.lineCap = ends === "flat" ? "butt" : "round";
        c.lineJoin = "round";
        c.lineWidth = Math.max(leastWidth, width * frame.scale);
        c.strokeStyle = colours.of(stroke);
        c.globalAlpha = opacity;
        if (dash) c.setLineDash([dash * frame.scale, dash * frame.scale]);
        c.stroke();
        c.setLineDash([]);
        c.globalAlpha = 1;
        break;
      }
      case "disc":
        c.beginPath();
        c.arc(
          frame.x(primitive.x),
          frame.y(primitive.y),
          primitive.radius * frame.scale,
          0,
          2 * Math.PI,
        );
        c.fillStyle = colours.of(primitive.fill);
        c.globalAlpha = primitive.opacity ?? 1;
        c.fill();
        c.globalAlpha = 1;
        break;
      case "tile": {
        const { height } = primitive;
        roundTile(c, primitive, frame, tileGap);
        c.fillStyle = colours.of(primitive.fill);
        c.fill();
        if (height) shadeTile(c, primitive, height, frame, tileGap);
        c.fillStyle = colours.of(primitive.markFill);
        fillMark(c, primitive.mark, primitive, frame);
        break;
      }
      case "label": {
        const { x, y, words, size, baseline, fill } = primitive;
        c.font = `${Math.max(leastText, size * frame.scale)}px system-ui, sans-serif`;
        c.textAlign = "left";
        c.textBaseline = baseline;
        c.fillStyle = colours.of(fill);
        c.fillText(words, frame.x(x), frame.y(y));
        break;
      }
    }
  }
}

/** Where parts are drawn, and in which colour. */
export interface Placement {
  /** The pixel of a point of theirs. */
  at(x: number, y: number): { readonly x: number; readonly y: number };
  /** Pixels to one of their units. */
  readonly scale: number;
  /** What "own" is. */
  readonly own: number;
  /** In (0, 1]. */
  readonly presence: number;
}

/** Draws what moves, in this frame. */
export function drawParts(
  g: Phaser.GameObjects.Graphics,
  parts: readonly Part[],
  { at, scale, own, presence }: Placement,
  colours: Colours,
): void {
  const colourOf = (tone: string) => (tone === "own" ? own : toNumber(colours.of(tone)));
  const trace = (points: Points) => {
    g.beginPath();
    for (const [along, across] of points) {
      const { x, y } = at(along, across);
      g.lineTo(x, y);
    }
  };
  for (const part of parts) {
    switch (part.kind) {
      case "area":
        g.fillStyle(colourOf(part.fill), presence * (part.opacity ?? 1));
        trace(part.points);
        g.closePath().fillPath();
        break;
      case "line":
        g.lineStyle(part.width * scale, colourOf(part.stroke), presence * (part.opacity ?? 1));
        trace(part.points);
        if (part.closed) g.closePath();
        g.strokePath();
        break;
      case "disc": {
        const { x, y } = at(part.x, part.y);
        g.fillStyle(colourOf(part.fill), presence).fillCircle(x, y, part.radius * scale);
        break;
      }
    }
  }
}
