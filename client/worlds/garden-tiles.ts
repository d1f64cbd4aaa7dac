import type { Picture, Point } from "../../shared/worlds/picture.ts";
import type { MarkedTile } from "../drawing/primitives.ts";
import { marks } from "./garden-marks.ts";

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
