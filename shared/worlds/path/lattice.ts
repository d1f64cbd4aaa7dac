import type { Lattice } from "../lattice.ts";
import { type Curve, clamp, climb, edge, speed, steps } from "./dynamics.ts";

/** Squares of the plane. What one is after is told by where one is from the curve. */
export function latticeOf(line: Curve): Lattice {
  const side = 0.2;
  const columns = 35;
  const rows = 2 * Math.round(edge / side);
  const climbs = [-climb, -climb / 2, 0, climb / 2, climb];
  const middle = (cell: number) => ({
    x: ((cell % columns) + 0.5) * side - side,
    y: (Math.floor(cell / columns) + 0.5) * side - edge,
  });
  return {
    nStates: rows * columns,
    nActions: climbs.length,
    nFeatures: 2,
    featureNames: ["away from the curve", "above the curve"],
    hold: 1,
    samples: 24,
    discount: 1,
    horizon: steps,
    stateIn(cell, random, state) {
      const { x, y } = middle(cell);
      state[0] = Math.fround(x + side * (random.uniform() - 0.5));
      state[1] = Math.fround(y + side * (random.uniform() - 0.5));
    },
    cellOf(state) {
      const column = Math.floor((state[0]! + side) / side);
      const row = Math.min(rows - 1, Math.floor((state[1]! + edge) / side));
      return column >= 0 && column < columns && row >= 0 ? row * columns + column : -1;
    },
    action(a, action) {
      action[0] = speed;
      action[1] = climbs[a]!;
    },
    nearestAction(actions) {
      let sum = 0;
      for (let i = 1; i < actions.length; i += 2) sum += actions[i]!;
      const mean = sum / (actions.length / 2);
      let best = 0;
      for (let a = 1; a < climbs.length; a++) {
        if (Math.abs(climbs[a]! - mean) < Math.abs(climbs[best]! - mean)) best = a;
      }
      return best;
    },
    features(cell, features) {
      const { x, y } = middle(cell);
      const offset = y - line(x);
      features[0] = Math.min(1, Math.abs(offset));
      features[1] = clamp(offset, 1);
    },
    tiles: Array.from({ length: rows * columns }, (_, cell) => ({
      ...middle(cell),
      size: side,
      cell,
    })),
  };
}
