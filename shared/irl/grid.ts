import { type Mdp, type MdpDescription, mdp } from "./mdp.ts";

/**
 * Open square grids. The cell in row r and column c is state r · side + c, row 0 at the top; home is the
 * last cell.
 */

/** Cells down and right. */
type Move = readonly [down: number, right: number];

/** Up, down, left, right and stay. */
const compass: readonly Move[] = [
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
  [0, 0],
];

/** Those of a king in chess, and stay. */
const king: readonly Move[] = [-1, 0, 1].flatMap((down) =>
  [-1, 0, 1].map((right) => [down, right] as const),
);

interface CompassOptions
  extends Pick<MdpDescription, "terminals" | "start" | "discount" | "horizon"> {
  readonly slip?: number;
}

/** Five actions, one for each move of the compass; with probability `slip` any of these moves happens instead. */
export function compassGrid(side: number, { slip = 0, ...rest }: CompassOptions): Mdp {
  return mdp({
    nStates: side * side,
    nActions: compass.length,
    ...rest,
    transitions: (s, a) => [
      { next: moved(side, s, compass[a]!), probability: 1 - slip },
      ...compass.map((move) => ({
        next: moved(side, s, move),
        probability: slip / compass.length,
      })),
    ],
  });
}

/**
 * Nine deterministic actions, the moves of a king in chess; one that would leave the grid stays.
 *
 * Only the horizon ends an episode: home is neither a terminal nor absorbing, since a path may lead
 * past it. The horizon is finite and nothing is discounted, so that each cell of a path counts alike.
 *
 * @param horizon moves in an episode
 * @param start [s]
 */
export function kingGrid(side: number, horizon: number, start: ArrayLike<number>): Mdp {
  return mdp({
    nStates: side * side,
    nActions: king.length,
    transitions: (s, a) => [{ next: moved(side, s, king[a]!), probability: 1 }],
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
 * How far down a cell is, how far right, and how close to home in a straight line, each from 0 to 1
 * (the features of "Imitation Learning from Scratch", section 5).
 * @returns [s][3]
 * @throws RangeError where `side` is less than 2 or no whole number
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
 * The cells of a king's path through these waypoints, diagonally first and then straight, which is a
 * shortest path. A waypoint equal to the one before it is one move of staying there.
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
 * The same paths, each made as long as the longest by staying in its last cell. Sums over an episode can
 * then be compared; otherwise a short path would seem to avoid the rewards along a longer one.
 */
export function paddedWithStays(paths: readonly (readonly number[])[]): number[][] {
  const longest = Math.max(...paths.map(({ length }) => length));
  return paths.map((path) => [
    ...path,
    ...new Array<number>(longest - path.length).fill(path.at(-1)!),
  ]);
}
