import { firstOpenSeed } from "../../../shared/lesson/protocol.ts";
import { Simulation } from "../../../shared/worlds/episode.ts";
import type { Level } from "../../../shared/worlds/level.ts";

/** A seed drawn afresh, and not one of those held out. */
export function freshSeed(): number {
  const drawn = crypto.getRandomValues(new Uint32Array(1))[0]!;
  return drawn < firstOpenSeed ? drawn + firstOpenSeed : drawn;
}

/** A fresh seed whose episode starts in this cell of the world's lattice. */
export function seedFor(world: Level, cell: number): number {
  for (;;) {
    const seed = freshSeed();
    if (world.lattice.cellOf(new Simulation(world, seed).state) === cell) return seed;
  }
}
