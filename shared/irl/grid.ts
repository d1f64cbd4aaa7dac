import { type Mdp, mdp } from "./mdp.ts";

/**
 * An open square grid, walked the way a king moves on a chessboard. The cell in row r and column c is
 * state r · side + c, row 0 at the top; home is the last cell.
 */

/** Down and right, in cells; to stay is a move as well. */
const moves = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => [down, right] as const));

/**
 * Nine actions, each of which does what it says; one that would lead over the edge stays.
 *
 * Nothing ends an episode but its horizon: home is neither a terminal nor absorbing, for a way may
 * lead anywhere, and past home. The horizon is finite, so that nothing is discounted and each cell on
 * a way counts alike, first or last.
 *
 * @param horizon moves in an episode
 * @param start [s]
 */
export function kingGrid(side: number, horizon: number, start: ArrayLike<number>): Mdp {
  return mdp({
    nStates: side * side,
    nActions: moves.length,
    transitions: (s, a) => [{ next: moved(side, s, moves[a]!), probability: 1 }],
    start,
    discount: 1,
    horizon,
  });
}

function moved(side: number, s: number, [down, right]: readonly [number, number]): number {
  const row = Math.floor(s / side) + down;
  const column = (s % side) + right;
  const inside = row >= 0 && row < side && column >= 0 && column < side;
  return inside ? row * side + column : s;
}

export const nCornerFeatures = 3;

/**
 * How far down a cell is, how far right, and how close to home as the crow flies, each from 0 to 1
 * (the features of "Imitation Learning from Scratch", section 5).
 * @returns [s][3]
 * @throws RangeError where there is but one cell, or no whole number of them
 */
export function cornerFeatures(side: number): Float64Array {
  if (!(Number.isInteger(side) && side >= 2))
    throw new RangeError(`side is a whole number from 2, not ${side}`);
  const last = side - 1;
  const features = new Float64Array(side * side * nCornerFeatures);
  for (let s = 0; s < side * side; s++) {
    const row = Math.floor(s / side);
    const column = s % side;
    const away = Math.hypot(last - row, last - column) / Math.hypot(last, last);
    features.set([row / last, column / last, 1 - away], s * nCornerFeatures);
  }
  return features;
}

/**
 * The cells that a king passes through by way of these, diagonally first and then straight, which is
 * a shortest way. A waypoint that is the one before it again is a move spent there.
 */
export function kingPath(side: number, waypoints: readonly number[]): number[] {
  const path = waypoints.slice(0, 1);
  for (const to of waypoints.slice(1)) {
    do {
      const at = path.at(-1)!;
      const down = Math.sign(Math.floor(to / side) - Math.floor(at / side));
      const right = Math.sign((to % side) - (at % side));
      path.push(at + down * side + right);
    } while (path.at(-1) !== to);
  }
  return path;
}

/**
 * The same paths, made as long as the longest: who has arrived waits there, as one of the nine moves
 * is to stay. Sums over an episode can then be compared, with each other and with what a learner
 * collects in as many moves; else a short way would seem to spurn whatever good lies along a long one.
 */
export function waiting(paths: readonly (readonly number[])[]): number[][] {
  const longest = Math.max(...paths.map(({ length }) => length));
  return paths.map((path) => [
    ...path,
    ...new Array<number>(longest - path.length).fill(path.at(-1)!),
  ]);
}
