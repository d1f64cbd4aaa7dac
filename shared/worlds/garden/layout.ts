import type { Random } from "../../random.ts";
import { type Plot, stay, type Terrain, terrains } from "./plot.ts";

/**
 * Lays out a garden that can be walked, with all terrains: every tile that is no wall has a way home.
 * @returns the terrain of each tile and its distance from home, moves
 */
export function layOut(
  plot: Plot,
  hedges: number,
  random: Random,
): { tiles: Terrain[]; distance: number[] } {
  const { nTiles } = plot;
  const edge = plot.edge();
  for (;;) {
    const tiles: Terrain[] = Array.from({ length: nTiles }, () => "lawn");
    const home = edge[random.below(edge.length)]!;
    tiles[home] = "home";
    for (let i = 0; i < hedges; i++) {
      // Straight pieces of hedge, two or three tiles long.
      const direction = random.below(stay);
      let tile = random.below(nTiles);
      for (let length = 2 + random.below(2); length > 0; length--) {
        if (tiles[tile] === "lawn") tiles[tile] = "wall";
        tile = plot.beside(tile, direction);
      }
    }
    for (const terrain of ["flowers", "mud", "puddle", "gravel"] as const) {
      for (let patch = 0; patch < 2; patch++) {
        let tile = random.below(nTiles);
        for (let planted = 0, tries = 0; planted < 5 && tries < 40; tries++) {
          if (tiles[tile] === "lawn") {
            tiles[tile] = terrain;
            planted++;
          }
          tile = plot.beside(tile, random.below(stay));
        }
      }
    }
    const distance = distances(plot, tiles, home);
    const whole = tiles.every((terrain, i) => terrain === "wall" || Number.isFinite(distance[i]!));
    if (whole && terrains.every((terrain) => tiles.includes(terrain))) return { tiles, distance };
  }
}

/** Moves from each tile to home, breadth first; Infinity where there is no way. */
function distances(plot: Plot, tiles: readonly Terrain[], home: number): number[] {
  const distance: number[] = tiles.map(() => Number.POSITIVE_INFINITY);
  distance[home] = 0;
  for (const queue = [home]; queue.length > 0; ) {
    const tile = queue.shift()!;
    for (let a = 0; a < stay; a++) {
      const next = plot.beside(tile, a);
      if (tiles[next] === "wall" || Number.isFinite(distance[next]!)) continue;
      distance[next] = distance[tile]! + 1;
      queue.push(next);
    }
  }
  return distance;
}
