import type { Lattice } from "../lattice.ts";
import { flag, horizon, leftmost, topSpeed } from "./dynamics.ts";
import { inPlane, stretch } from "./landscape.ts";

const width = 0.05; // of a cell, position
const height = 0.01; // of a cell, velocity
const columns = 36;
const rows = 14;
/** Steps for which an action is held. */
const hold = 5;
const nActions = 3;
const valley = -Math.PI / 6; // its lowest position

/**
 * Rectangles of the plane of position and velocity. What one is after is told by whether one is at the
 * flag and how high up the other slope, which is a way to get there or a place to like. How fast one
 * goes is no feature: in cells this wide the model gains speed by chance, and a driver who has to work
 * for it would seem to love it.
 */
export const lattice: Lattice = {
  nStates: rows * columns,
  nActions,
  nFeatures: 2,
  featureNames: ["at the flag", "high on the left"],
  task: 0,
  hold,
  samples: 24,
  discount: 1,
  horizon: horizon / hold,
  stateIn(cell, random, state) {
    const { position, velocity } = middle(cell);
    state[0] = Math.fround(position + width * (random.uniform() - 0.5));
    state[1] = Math.fround(velocity + height * (random.uniform() - 0.5));
  },
  cellOf(state) {
    const column = Math.floor((state[0]! - leftmost) / width);
    const row = Math.floor((state[1]! + topSpeed) / height);
    // The wall, the right end and either top speed belong to the outermost cells.
    return inside(row, rows) * columns + inside(column, columns);
  },
  action(a, action) {
    action[0] = a;
  },
  nearestAction: (actions) =>
    Math.round(actions.reduce((sum, action) => sum + action, 0) / actions.length),
  features(cell, features) {
    const { position } = middle(cell);
    features[0] = position > flag ? 1 : 0;
    features[1] = Math.max(0, (valley - position) / (valley - leftmost));
  },
  tiles: Array.from({ length: rows * columns }, (_, cell) => {
    const { position, velocity } = middle(cell);
    return { ...inPlane(position, velocity), size: stretch * width, cell };
  }),
};

function middle(cell: number): { position: number; velocity: number } {
  return {
    position: leftmost + width * ((cell % columns) + 0.5),
    velocity: -topSpeed + height * (Math.floor(cell / columns) + 0.5),
  };
}

function inside(i: number, n: number): number {
  return Math.min(n - 1, Math.max(0, i));
}
