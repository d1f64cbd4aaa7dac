/** A place on a track, as {@link Track.locate} finds it. */
export interface Place {
  /** Distance travelled along the line from its first point, in [0, length). */
  along: number;
  /** Distance from the line, positive to the left of travel. */
  offset: number;
  /** Direction of travel there, radians. */
  heading: number;
  /** How fast the direction turns, radians a unit, positive to the left. */
  curvature: number;
}

/** A closed line to follow, as a polyline whose points are equally far apart. */
export class Track {
  readonly length: number;
  readonly points: readonly (readonly [number, number])[];
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #heading: Float64Array;
  readonly #curvature: Float64Array;
  readonly #spacing: number;

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
      travelled.push(travelled[i - 1]! + Math.hypot(x - px, y - py));
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
      return Math.atan2(ny - y, nx - x);
    });
    this.#curvature = Float64Array.from(this.points, (_, i) => {
      const turn = wrap(this.#heading[(i + 1) % n]! - this.#heading[(i + n - 1) % n]!);
      return turn / (2 * this.#spacing);
    });
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
  locate(x: number, y: number, place: Place): void {
    const n = this.#x.length;
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      const dx = x - this.#x[i]!;
      const dy = y - this.#y[i]!;
      const square = dx * dx + dy * dy;
      if (square < least) {
        least = square;
        best = i;
      }
    }
    const behind = this.#project(best, x, y);
    // Before the nearest point's own segment begins, the foot lies on the segment before it.
    const i = behind < 0 ? (best + n - 1) % n : best;
    const foot = Math.min(this.#spacing, Math.max(0, behind < 0 ? this.#project(i, x, y) : behind));
    const heading = this.#heading[i]!;
    place.along = (i * this.#spacing + foot) % this.length;
    place.offset = (y - this.#y[i]!) * Math.cos(heading) - (x - this.#x[i]!) * Math.sin(heading);
    place.heading = heading;
    place.curvature = this.#curvature[best]!;
  }

  /** How far along segment `i` the foot of (x, y) lies. */
  #project(i: number, x: number, y: number): number {
    const heading = this.#heading[i]!;
    return (x - this.#x[i]!) * Math.cos(heading) + (y - this.#y[i]!) * Math.sin(heading);
  }
}

/** An angle's equal in [-π, π). */
export function wrap(angle: number): number {
  return angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI));
}
