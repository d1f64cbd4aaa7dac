import { Precision } from "./precision.ts";

/** Rows that are summed at a time: each sum is then fetched and put back a quarter as often. */
const together = 4;

/** ΦᵀΦ and ΦᵀY, summed over rows of features and their targets: a {@link Precision} for many rows at once. */
export class Gram {
  readonly #size: number;
  /** [size (size + 1) / 2], ΦᵀΦ's upper half row by row. */
  readonly #squares: Float64Array;
  /** [numbers of a target] of [size] */
  readonly #products: readonly Float64Array[];
  /** [together] of [size]: rows that wait for others. */
  readonly #waiting: readonly Float64Array[];
  #nWaiting = 0;

  constructor(size: number, targets: number) {
    this.#size = size;
    this.#squares = new Float64Array((size * (size + 1)) / 2);
    this.#products = Array.from({ length: targets }, () => new Float64Array(size));
    this.#waiting = Array.from({ length: together }, () => new Float64Array(size));
  }

  add(features: Float64Array, target: Float64Array): void {
    this.#products.forEach((products, k) => {
      const value = target[k]!;
      for (let i = 0; i < features.length; i++) products[i] = products[i]! + value * features[i]!;
    });
    this.#waiting[this.#nWaiting++]!.set(features);
    if (this.#nWaiting === together) this.#sum();
  }

  /** What the rows so far come to. Not to be added to afterwards. */
  finish(lambda: number): { precision: Precision; moments: Float64Array[] } {
    this.#sum();
    const precision = Precision.ofSquares(this.#size, lambda, this.#squares);
    return { precision, moments: this.#products.map((row) => precision.momentsOf(row)) };
  }

  #sum(): void {
    for (const row of this.#waiting.slice(this.#nWaiting)) row.fill(0);
    this.#nWaiting = 0;
    const size = this.#size;
    const squares = this.#squares;
    const [a, b, c, d] = this.#waiting as [Float64Array, Float64Array, Float64Array, Float64Array];
    for (let i = 0, at = 0; i < size; i++) {
      const [p, q, r, s] = [a[i]!, b[i]!, c[i]!, d[i]!];
      for (let j = i; j < size; j++, at++) {
        squares[at] = squares[at]! + p * a[j]! + q * b[j]! + r * c[j]! + s * d[j]!;
      }
    }
  }
}
