import { writeKernel } from "./kernel.ts";

/** Prior variance that is taken for rounding where points come in the order of {@link choose}. */
const negligible = 1e-12;
/**
 * The same where they come in any other order. The places of a drive, one after the other, make a matrix so near
 * a singular one that what is left of the prior variance has an error of up to 1e-9: a point taken for new by
 * that error alone would spoil all that is computed after it.
 */
const negligibleInAnyOrder = 1e-8;

/**
 * Inducing points, and the features that they make: φ(o) = L⁻¹k(o) where LLᵀ is the kernel's matrix of the
 * points and k(o) its values between them and o. φ(o)ᵀφ(o′) is the kernel itself wherever o or o′ is one of the
 * points. Elsewhere the two differ by at most the root of the product of what the points leave of the prior
 * variance at o and at o′ (Quiñonero-Candela & Rasmussen 2005).
 */
export class InducingPoints {
  readonly observationSize: number;
  /** Most points that there is room for. */
  readonly room: number;
  #size = 0;
  /** [room][observationSize] */
  readonly #points: Float64Array;
  /** [room (room + 1) / 2], L row by row: L₀₀ L₁₀ L₁₁ … */
  readonly #factor: Float64Array;
  readonly #features: Float64Array;
  #left = 1;

  constructor(observationSize: number, room: number) {
    this.observationSize = observationSize;
    this.room = room;
    this.#points = new Float64Array(room * observationSize);
    this.#factor = new Float64Array((room * (room + 1)) / 2);
    this.#features = new Float64Array(room);
  }

  get size(): number {
    return this.#size;
  }

  /** The points, flat, in the order in which they came. A view. */
  get points(): Float64Array {
    return this.#points.subarray(0, this.#size * this.observationSize);
  }

  copy(): InducingPoints {
    const copy = new InducingPoints(this.observationSize, this.room);
    copy.#size = this.#size;
    copy.#points.set(this.#points);
    copy.#factor.set(this.#factor);
    return copy;
  }

  /** φ(o), [size]; overwritten by the next call. */
  of(observation: Float64Array): Float64Array {
    const row = this.#features;
    const factor = this.#factor;
    const n = this.#size;
    writeKernel(observation, this.#points, n, row);
    let left = 1;
    let i = 0;
    let at = 0;
    // Two rows of L at a time: each number of the features is then fetched half as often.
    for (; i + 1 < n; i += 2) {
      const next = at + i + 1;
      let one = row[i]!;
      let two = row[i + 1]!;
      for (let j = 0; j < i; j++) {
        const value = row[j]!;
        one -= factor[at + j]! * value;
        two -= factor[next + j]! * value;
      }
      one /= factor[at + i]!;
      two = (two - factor[next + i]! * one) / factor[next + i + 1]!;
      row[i] = one;
      row[i + 1] = two;
      left -= one * one + two * two;
      at = next + i + 2;
    }
    if (i < n) {
      let one = row[i]!;
      for (let j = 0; j < i; j++) one -= factor[at + j]! * row[j]!;
      one /= factor[at + i]!;
      row[i] = one;
      left -= one * one;
    }
    this.#left = Math.max(0, left);
    return row.subarray(0, n);
  }

  /** What the points leave of the prior variance at the place that {@link of} was called for last, in [0, 1]. */
  get left(): number {
    return this.#left;
  }

  /** Takes in points that {@link choose} chose, in its order, or that were taken in before. */
  addChosen(points: Iterable<Float64Array>): void {
    for (const point of points) this.#add(point, negligible);
  }

  /** Takes `observation` in where there is room and it is not one that the others make up for already. */
  add(observation: Float64Array): boolean {
    return this.#add(observation, negligibleInAnyOrder);
  }

  #add(observation: Float64Array, nothing: number): boolean {
    if (this.#size === this.room) return false;
    const features = this.of(observation);
    if (this.#left <= nothing) return false;
    const n = this.#size++;
    this.#points.set(observation, n * this.observationSize);
    const at = (n * (n + 1)) / 2;
    this.#factor.set(features, at);
    this.#factor[at + n] = Math.sqrt(this.#left);
    return true;
  }

  /** Forgets all points but the first `size`. */
  truncate(size: number): void {
    this.#size = size;
  }

  /** Turns weights of the features into weights of the kernel's values, L⁻ᵀw, in place. [size] */
  toKernel(weights: Float64Array): void {
    const factor = this.#factor;
    for (let i = this.#size - 1, at = (i * (i + 1)) / 2; i >= 0; at -= i, i--) {
      const weight = weights[i]! / factor[at + i]!;
      weights[i] = weight;
      for (let j = 0; j < i; j++) weights[j] = weights[j]! - factor[at + j]! * weight;
    }
  }
}

/** Observations that are chosen from together; of more, the chosen ones go on to the next. */
const together = 2048;

/**
 * Which of `observations` are to be inducing points, in the order of choosing: each is the one of which
 * those before it leave the most prior variance, the first of equals (pivoted Cholesky: Fine & Scheinberg 2001).
 * Of more than {@link together} each part's are chosen from it and from those chosen before: what they leave may
 * be twice as much as of one choice from all. Yields the share done.
 * @param observations flat, [n][observationSize]
 * @returns their indices, at most `most`
 */
export function* choose(
  observations: Float64Array,
  observationSize: number,
  most: number,
): Generator<number, number[]> {
  const n = observations.length / observationSize;
  let chosen: number[] = [];
  for (let from = 0; from < n; from += together) {
    const to = Math.min(n, from + together);
    const candidates = [...chosen, ...Array.from({ length: to - from }, (_, i) => from + i)];
    const rows = new Float64Array(candidates.length * observationSize);
    candidates.forEach((index, i) => {
      const at = index * observationSize;
      rows.set(observations.subarray(at, at + observationSize), i * observationSize);
    });
    const part = farthest(rows, observationSize, most);
    for (let step = part.next(); ; step = part.next()) {
      if (step.done) {
        chosen = step.value.map((i) => candidates[i]!);
        break;
      }
      yield (from + (to - from) * step.value) / n;
    }
  }
  return chosen;
}

/** {@link choose} from all rows at once: O(n most²), and memory for n · most numbers. */
function* farthest(rows: Float64Array, size: number, most: number): Generator<number, number[]> {
  const n = rows.length / size;
  const left = new Float64Array(n).fill(1);
  const columns: Float64Array[] = [];
  const chosen: number[] = [];
  while (chosen.length < Math.min(most, n)) {
    let best = 0;
    for (let i = 1; i < n; i++) if (left[i]! > left[best]!) best = i;
    if (left[best]! <= negligible) break;
    const column = new Float64Array(n);
    writeKernel(rows.subarray(best * size, (best + 1) * size), rows, n, column);
    // Four columns at a time: each number is then fetched and put back a quarter as often.
    let k = 0;
    for (; k + 3 < columns.length; k += 4) {
      const [a, b, c, d] = [columns[k]!, columns[k + 1]!, columns[k + 2]!, columns[k + 3]!];
      const [p, q, r, s] = [a[best]!, b[best]!, c[best]!, d[best]!];
      for (let i = 0; i < n; i++)
        column[i] = column[i]! - p * a[i]! - q * b[i]! - r * c[i]! - s * d[i]!;
    }
    for (; k < columns.length; k++) {
      const other = columns[k]!;
      const own = other[best]!;
      for (let i = 0; i < n; i++) column[i] = column[i]! - own * other[i]!;
    }
    const scale = 1 / Math.sqrt(left[best]!);
    for (let i = 0; i < n; i++) {
      const value = scale * column[i]!;
      column[i] = value;
      left[i] = left[i]! - value * value;
    }
    left[best] = 0;
    columns.push(column);
    chosen.push(best);
    if (chosen.length % 16 === 0) yield chosen.length / most;
  }
  return chosen;
}
