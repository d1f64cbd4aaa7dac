import type { Terrain } from "../../shared/worlds/garden/plot.ts";
import type { Picture, Point } from "../../shared/worlds/picture.ts";
import type { MarkedTile } from "../drawing/primitives.ts";
import { marks } from "./garden-marks.ts";

/** How far each stands out of the ground, as shares of a tile's side. */
const heights: Readonly<Record<Terrain, number>> = {
  lawn: 0.05,
  flowers: 0.05,
  mud: -0.06,
  puddle: -0.1,
  gravel: 0.03,
  wall: 0.2,
  home: 0.05,
};

/** A tile with what grows on it. */
export function terrainTile(x: number, y: number, size: number, terrain: string): MarkedTile {
  return {
    kind: "tile",
    x,
    y,
    size,
    fill: terrain,
    mark: markOf(terrain) ?? "",
    markFill: `${terrain}-mark`,
    height: heights[terrain as keyof typeof heights] ?? 0,
  };
}

/** What grows at the middle of a tile; null where there is no tile. */
export function terrainAt({ shapes }: Picture, { x, y }: Point): string | null {
  const shape = shapes.find((shape) => shape.kind === "tile" && shape.x === x && shape.y === y);
  return shape?.kind === "tile" ? shape.terrain : null;
}

export function markOf(terrain: string | null): string | null {
  return terrain === null ? null : (marks[terrain as keyof typeof marks] ?? null);
}
