import type { Lattice } from "../lattice.ts";
import { moves, type Plot, type Terrain, terrains } from "./plot.ts";

/** The garden is its own lattice. What one is after is told by what grows where one walks. */
export function latticeOf(
  plot: Plot,
  tiles: readonly Terrain[],
  horizon: number,
  outcomes: NonNullable<Lattice["outcomes"]>,
): Lattice {
  return {
    nStates: plot.nTiles,
    nActions: moves.length,
    nFeatures: terrains.length,
    featureNames: ["in flowers", "in mud", "in puddles", "on gravel", "at home"],
    task: terrains.indexOf("home"),
    hold: 1,
    samples: 1,
    discount: 1,
    horizon,
    outcomes,
    stateIn(cell, _random, state) {
      state[0] = plot.row(cell);
      state[1] = plot.column(cell);
    },
    cellOf: (state) => state[0]! * plot.side + state[1]!,
    action(a, action) {
      action[0] = a;
    },
    nearestAction: (actions) => actions[0]!,
    features(cell, features) {
      terrains.forEach((terrain, k) => {
        features[k] = tiles[cell] === terrain ? 1 : 0;
      });
    },
    tiles: Array.from(tiles.keys())
      .filter((cell) => tiles[cell] !== "wall")
      .map((cell) => ({ ...plot.middle(cell), size: 1, cell })),
  };
}
