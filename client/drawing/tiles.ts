import type { Frame } from "./frame.ts";

/** A square: its middle and the length of its side. */
export interface Tile {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

type Context = CanvasRenderingContext2D;

/** Between tiles, as a share of their side. */
export const tileGap = 0.03;
/** Radius of a tile's corners, as a share of its side. */
export const tileCorner = 0.08;

/** What a tile's side is darkened with, and how much. */
export const shade = "#1b1d20";
export const shadeOpacity = 0.16;

/** A tile's outline, `inset` of its side away from its edges, in whole pixels so that neighbours look alike. */
export function roundTile(c: Context, { x, y, size }: Tile, frame: Frame, inset: number): void {
  const half = (0.5 - inset) * size;
  const left = Math.round(frame.x(x - half));
  const top = Math.round(frame.y(y + half));
  const right = Math.round(frame.x(x + half));
  const bottom = Math.round(frame.y(y - half));
  c.beginPath();
  c.roundRect(left, top, right - left, bottom - top, inset && tileCorner * size * frame.scale);
}

/** Fills a mark, the data of an SVG path on a tile of side 1, on its tile. */
export function fillMark(c: Context, mark: string, { x, y, size }: Tile, frame: Frame): void {
  const side = size * frame.scale;
  c.save();
  c.translate(frame.x(x), frame.y(y));
  c.scale(side, side);
  c.fill(new Path2D(mark));
  c.restore();
}

/** The side of a tile that stands out of the ground, or the shadow on one that lies in it. */
export function shadeTile(
  c: Context,
  { x, y, size }: Tile,
  height: number,
  frame: Frame,
  inset: number,
): void {
  const half = (0.5 - inset) * size;
  const edge = Math.abs(height) * size * frame.scale;
  const [left, right] = [Math.round(frame.x(x - half)), Math.round(frame.x(x + half))];
  const [top, bottom] = [Math.round(frame.y(y + half)), Math.round(frame.y(y - half))];
  c.beginPath();
  const corner = Math.min(tileCorner * size * frame.scale, edge / 2);
  c.roundRect(left, height > 0 ? bottom - edge : top, right - left, edge, corner);
  c.fillStyle = shade;
  c.globalAlpha = shadeOpacity;
  c.fill();
  c.globalAlpha = 1;
}
