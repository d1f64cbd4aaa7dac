import { cos } from "../../arithmetic.ts";
import { wrap } from "../angle.ts";
import type { Lattice } from "../lattice.ts";
import type { Track, TrackPosition } from "./track.ts";

const side = 0.2; // of a square, units
/** Length of the middle that one cell after a fall stands for, units. */
const stretch = 0.2;
const nHeadings = 24;
const sector = (2 * Math.PI) / nHeadings;
const farthest = 0.4 * Math.PI; // of a heading from the road's, radians
// Radians a step. With less than this to either side the tightest bend takes nearly all there is,
// and a driver who keeps the middle of it seems to be drawn to its inside.
const turns = [-0.225, -0.15, -0.075, 0, 0.075, 0.15, 0.225];

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly heading: number;
  readonly features: readonly number[];
  /** How far along the track it is. */
  readonly along: number;
  /** Whether a fall leads there, to anywhere on the next `stretch` of the middle. */
  readonly fallen: boolean;
}

interface Grid {
  /** Of the lower left square, in squares. */
  readonly left: number;
  readonly bottom: number;
  readonly columns: number;
  readonly rows: number;
  readonly cells: readonly Cell[];
  readonly tiles: Lattice["tiles"];
  /** [row][column][heading], -1 where there is no cell. */
  readonly index: Int32Array;
  /** [stretch], the cell that a fall there leads to. */
  readonly fallen: Int32Array;
}

/**
 * Squares of the plane that lie on the road, times those headings that go along it rather than back;
 * and for each stretch of its middle a cell where one is after a fall. All are numbered along the road,
 * as they are visited.
 *
 * All features are zero in the middle of a straight road, driven along. Demonstrations tell rewards
 * relative to that place only: that a weight is negative says that there is worse than here.
 */
export function latticeOn(track: Track, halfWidth: number): Lattice {
  const place: TrackPosition = { along: 0, offset: 0, heading: 0, curvature: 0 };
  const point = { x: 0, y: 0 };
  let made: Grid | undefined;
  // When it is first asked for: it takes a while, and most who load this world never do.
  const grid = () => {
    made ??= gridOn(track, halfWidth);
    return made;
  };
  return {
    get nStates() {
      return grid().cells.length;
    },
    nActions: turns.length,
    nFeatures: 5,
    featureNames: [
      "near the edge",
      "inside of bends",
      "left of the middle",
      "at an angle",
      "crashed",
    ],
    task: 4,
    hold: 3,
    samples: 24,
    discount: 0.95,
    horizon: Number.POSITIVE_INFINITY,
    stateIn(cell, random, state) {
      const { x, y, heading, along, fallen } = grid().cells[cell]!;
      if (fallen) {
        track.at(along + stretch * random.uniform(), point);
        track.locate(point.x, point.y, place);
        state[0] = Math.fround(point.x);
        state[1] = Math.fround(point.y);
        state[2] = Math.fround(wrap(place.heading));
        return;
      }
      state[0] = Math.fround(x + side * (random.uniform() - 0.5));
      state[1] = Math.fround(y + side * (random.uniform() - 0.5));
      state[2] = Math.fround(wrap(heading + sector * (random.uniform() - 0.5)));
    },
    cellOf(state) {
      const { left, bottom, columns, rows, index } = grid();
      const column = Math.floor(state[0]! / side) - left;
      const row = Math.floor(state[1]! / side) - bottom;
      if (column < 0 || column >= columns || row < 0 || row >= rows) return -1;
      const h = Math.floor((wrap(state[2]!) + Math.PI) / sector);
      return index[(row * columns + column) * nHeadings + h]!;
    },
    fallen(state) {
      track.locate(state[0]!, state[1]!, place);
      const { fallen } = grid();
      return fallen[Math.min(fallen.length - 1, Math.floor(place.along / stretch))]!;
    },
    action(a, action) {
      action[0] = turns[a]!;
    },
    nearestAction(actions) {
      const mean = actions.reduce((sum, turn) => sum + turn, 0) / actions.length;
      let best = 0;
      for (let a = 1; a < turns.length; a++) {
        if (Math.abs(turns[a]! - mean) < Math.abs(turns[best]! - mean)) best = a;
      }
      return best;
    },
    features: (cell, features) => features.set(grid().cells[cell]!.features),
    get tiles() {
      return grid().tiles;
    },
  };
}

function gridOn(track: Track, halfWidth: number): Grid {
  const place: TrackPosition = { along: 0, offset: 0, heading: 0, curvature: 0 };
  // Squares that the road only touches count too: half a square's diagonal.
  const reach = halfWidth + side * Math.SQRT1_2;
  const xs = track.points.map(([x]) => x);
  const ys = track.points.map(([, y]) => y);
  const left = Math.floor((Math.min(...xs) - reach) / side);
  const bottom = Math.floor((Math.min(...ys) - reach) / side);
  const columns = Math.ceil((Math.max(...xs) + reach) / side) - left;
  const rows = Math.ceil((Math.max(...ys) + reach) / side) - bottom;

  const cells: Cell[] = [];
  const tiles: { x: number; y: number; size: number; cell: number }[] = [];
  const index = new Int32Array(rows * columns * nHeadings).fill(-1);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = (left + column + 0.5) * side;
      const y = (bottom + row + 0.5) * side;
      track.locate(x, y, place);
      if (Math.abs(place.offset) > reach) continue;
      const u = clamp(place.offset / halfWidth);
      const bend = clamp(place.curvature);
      let straightest = -1;
      let least = Number.POSITIVE_INFINITY;
      for (let h = 0; h < nHeadings; h++) {
        const heading = (h + 0.5) * sector - Math.PI;
        const across = Math.abs(wrap(heading - place.heading));
        if (across > farthest) continue;
        if (across < least) [straightest, least] = [cells.length, across];
        index[(row * columns + column) * nHeadings + h] = cells.length;
        const features = [u * u, u * bend, u, 1 - cos(across), 0];
        cells.push({ x, y, heading, features, along: place.along, fallen: false });
      }
      tiles.push({ x, y, size: side, cell: straightest });
    }
  }
  const nUpright = cells.length;
  for (let along = 0; along < track.length; along += stretch)
    cells.push({ x: 0, y: 0, heading: 0, features: [0, 0, 0, 0, 1], along, fallen: true });

  const last = ({ along, fallen }: Cell) => along + (fallen ? stretch : 0);
  const order = Array.from(cells.keys()).sort((a, b) => last(cells[a]!) - last(cells[b]!) || a - b);
  const number = new Int32Array(order.length);
  order.forEach((cell, i) => {
    number[cell] = i;
  });
  for (const tile of tiles) tile.cell = number[tile.cell]!;
  return {
    left,
    bottom,
    columns,
    rows,
    cells: order.map((cell) => cells[cell]!),
    tiles,
    index: index.map((cell) => (cell < 0 ? -1 : number[cell]!)),
    fallen: number.slice(nUpright),
  };
}

function clamp(value: number): number {
  return Math.min(1, Math.max(-1, value));
}
