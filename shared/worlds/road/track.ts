import { atan2, cos, hypot, sin } from "../../arithmetic.ts";
import { wrap } from "../angle.ts";

/** A place on a track, as {@link Track.locate} finds it. */
export interface TrackPosition {
  /** Distance travelled along the line from its first point, in [0, length). */
  along: number;
  /** Distance from the line, positive to the left of travel. */
  offset: number;
  /** Direction of travel there, radians. */
  heading: number;
  /** How fast the direction turns, radians a unit, positive to the left. */
  curvature: number;
}

/** Side of a square of {@link Near}, units. */
const square = 0.25;
/** More than what distances are off by, units. */
const rounding = 1e-9;

/** For each square of the plane around a line, those of its points that can be the nearest to a place in it. */
interface Near {
  readonly left: number;
  readonly bottom: number;
  readonly columns: number;
  readonly rows: number;
  /** [rows × columns] ascending indices; null until one is asked for, since few lessons ask for them all */
  readonly squares: (Uint16Array | null)[];
  /** [rows × columns], of the point that is nearest to the middle; -1 until one is asked for */
  readonly middles: Int16Array;
}

/** A closed line to follow, as a polyline whose points are equally far apart. */
export class Track {
  readonly length: number;
  readonly points: readonly (readonly [number, number])[];
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #heading: Float64Array;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #curvature: Float64Array;
  readonly #spacing: number;
  readonly #all: Uint16Array;
  readonly #near: Near;

  /**
   * @param curve a closed curve, traversed once as its argument goes from 0 to 1
   * @param n points of the polyline
   */
  constructor(curve: (u: number) => readonly [number, number], n: number) {
    const fine = Array.from({ length: 16 * n + 1 }, (_, i) => curve(i / (16 * n)));
    const travelled = [0];
    for (let i = 1; i < fine.length; i++) {
      const [x, y] = fine[i]!;
      const [px, py] = fine[i - 1]!;
      travelled.push(travelled[i - 1]! + hypot(x - px, y - py));
    }
    this.length = travelled.at(-1)!;
    this.#spacing = this.length / n;
    let j = 0;
    this.points = Array.from({ length: n }, (_, i) => {
      while (travelled[j + 1]! < i * this.#spacing) j++;
      const share = (i * this.#spacing - travelled[j]!) / (travelled[j + 1]! - travelled[j]!);
      const [ax, ay] = fine[j]!;
      const [bx, by] = fine[j + 1]!;
      return [ax + share * (bx - ax), ay + share * (by - ay)] as const;
    });
    this.#x = Float64Array.from(this.points, ([x]) => x);
    this.#y = Float64Array.from(this.points, ([, y]) => y);
    this.#heading = Float64Array.from(this.points, ([x, y], i) => {
      const [nx, ny] = this.points[(i + 1) % n]!;
      return atan2(ny - y, nx - x);
    });
    this.#cos = this.#heading.map(cos);
    this.#sin = this.#heading.map(sin);
    this.#curvature = Float64Array.from(this.points, (_, i) => {
      const turn = wrap(this.#heading[(i + 1) % n]! - this.#heading[(i + n - 1) % n]!);
      return turn / (2 * this.#spacing);
    });
    this.#all = Uint16Array.from(this.points.keys());
    this.#near = nearby(this.#x, this.#y);
  }

  /** Writes the point that is `along` the line, going round where that is past its end. */
  at(along: number, point: { x: number; y: number }): void {
    const n = this.#x.length;
    const position = along / this.#spacing;
    const whole = Math.floor(position);
    const share = position - whole;
    const i = ((whole % n) + n) % n;
    const next = (i + 1) % n;
    point.x = this.#x[i]! + share * (this.#x[next]! - this.#x[i]!);
    point.y = this.#y[i]! + share * (this.#y[next]! - this.#y[i]!);
  }

  /** Writes where on the line (x, y) is nearest to. */
  locate(x: number, y: number, place: TrackPosition): void {
    const n = this.#x.length;
    const candidates = this.#candidates(x, y);
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let c = 0; c < candidates.length; c++) {
      const i = candidates[c]!;
      const dx = x - this.#x[i]!;
      const dy = y - this.#y[i]!;
      const distance = dx * dx + dy * dy;
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    const behind = this.#project(best, x, y);
    // Before the nearest point's own segment begins, the foot lies on the segment before it.
    const i = behind < 0 ? (best + n - 1) % n : best;
    const foot = Math.min(this.#spacing, Math.max(0, behind < 0 ? this.#project(i, x, y) : behind));
    const along = i * this.#spacing + foot;
    place.along = along < this.length ? along : along - this.length;
    place.offset = (y - this.#y[i]!) * this.#cos[i]! - (x - this.#x[i]!) * this.#sin[i]!;
    place.heading = this.#heading[i]!;
    place.curvature = this.#curvature[best]!;
  }

  /**
   * A quick look at one point: true only where (x, y) is less than `distance` from it, and so no farther to the side of the
   * line, as {@link locate} would find it; false says nothing.
   */
  isSurelyNear(x: number, y: number, distance: number): boolean {
    const s = this.#squareOf(x, y);
    const i = s < 0 ? -1 : this.#near.middles[s]!;
    if (i < 0) {
      this.#candidates(x, y);
      return false;
    }
    const dx = x - this.#x[i]!;
    const dy = y - this.#y[i]!;
    // Both segments that may be found are parts of lines through the nearest point, which is no farther than this one.
    const sure = distance - rounding;
    return dx * dx + dy * dy <= sure * sure;
  }

  /** Index of the square around (x, y); -1 outside of all. */
  #squareOf(x: number, y: number): number {
    const { left, bottom, columns, rows } = this.#near;
    const column = Math.floor((x - left) / square);
    const row = Math.floor((y - bottom) / square);
    if (column < 0 || column >= columns || row < 0 || row >= rows) return -1;
    return row * columns + column;
  }

  /** Indices of the points that can be the nearest to (x, y), ascending. */
  #candidates(x: number, y: number): Uint16Array {
    const s = this.#squareOf(x, y);
    if (s < 0) return this.#all;
    const { squares } = this.#near;
    squares[s] ??= this.#around(s);
    return squares[s];
  }

  /** Those that can be the nearest to a place in a square. */
  #around(s: number): Uint16Array {
    const { left, bottom, columns, middles } = this.#near;
    const x = left + ((s % columns) + 0.5) * square;
    const y = bottom + (Math.floor(s / columns) + 0.5) * square;
    const distances = this.#x.map((px, i) => hypot(x - px, y - this.#y[i]!));
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < distances.length; i++) {
      if (distances[i]! >= least) continue;
      least = distances[i]!;
      middles[s] = i;
    }
    // A place in the square is at most half a diagonal from its middle, and so is nearer to another
    // point by at most a whole one.
    const reach = least + square * Math.SQRT2 + rounding;
    return this.#all.filter((i) => distances[i]! <= reach);
  }

  /** How far along segment `i` the foot of (x, y) lies. */
  #project(i: number, x: number, y: number): number {
    return (x - this.#x[i]!) * this.#cos[i]! + (y - this.#y[i]!) * this.#sin[i]!;
  }
}

function nearby(xs: Float64Array, ys: Float64Array): Near {
  const margin = 1; // units beyond the outermost points; farther off, all points are looked at
  const left = Math.min(...xs) - margin;
  const bottom = Math.min(...ys) - margin;
  const columns = Math.ceil((Math.max(...xs) + margin - left) / square);
  const rows = Math.ceil((Math.max(...ys) + margin - bottom) / square);
  const n = rows * columns;
  const middles = new Int16Array(n).fill(-1);
  return { left, bottom, columns, rows, squares: Array(n).fill(null), middles };
}

/**
 * The closed uniform cubic B-spline with these control points, three at least: it passes near each
 * of them in turn, and its curvature is continuous.
 */
export function spline(
  controls: readonly (readonly [number, number])[],
): (u: number) => readonly [number, number] {
  const n = controls.length;
  return (u) => {
    const i = Math.floor(u * n);
    const t = u * n - i;
    const weights = [
      (1 - t) * (1 - t) * (1 - t),
      3 * t * t * t - 6 * t * t + 4,
      1 + 3 * t * (1 + t - t * t),
      t * t * t,
    ];
    let x = 0;
    let y = 0;
    weights.forEach((weight, k) => {
      const [cx, cy] = controls[(i + k) % n]!;
      x += (weight / 6) * cx;
      y += (weight / 6) * cy;
    });
    return [x, y];
  };
}
