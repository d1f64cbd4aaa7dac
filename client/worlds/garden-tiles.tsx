import type { Picture, Point } from "../../shared/worlds/picture.ts";
import { marks } from "./garden-marks.ts";

/** A tile with what grows on it; its middle is (0, 0) and its side 1. */
export function TerrainTile({ terrain }: { terrain: string }) {
  return (
    <>
      <rect x={-0.47} y={-0.47} width={0.94} height={0.94} rx={0.08} fill={`var(--${terrain})`} />
      <path d={markOf(terrain) ?? ""} fill={`var(--${terrain}-mark)`} />
    </>
  );
}

/** What grows at the middle of a tile; null where there is no tile. */
export function terrainAt({ shapes }: Picture, { x, y }: Point): string | null {
  const shape = shapes.find((shape) => shape.kind === "tile" && shape.x === x && shape.y === y);
  return shape?.kind === "tile" ? shape.terrain : null;
}

export function markOf(terrain: string | null): string | null {
  return terrain === null ? null : (marks[terrain as keyof typeof marks] ?? null);
}
