/** Mean, deviation and range of rows of numbers, one at a time (Welford 1962); NaN counts for nothing. */
export class Statistics {
  readonly #n: Float64Array;
  readonly #mean: Float64Array;
  /** Sum of squared differences from the mean. */
  readonly #squares: Float64Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  #rows = 0;

  /** @param size numbers in a row */
  constructor(size: number) {
    this.#n = new Float64Array(size);
    this.#mean = new Float64Array(size);
    this.#squares = new Float64Array(size);
    this.#min = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.#max = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  }

  add(row: readonly number[]): void {
    this.#rows++;
    for (let i = 0; i < row.length; i++) {
      const value = row[i]!;
      if (Number.isNaN(value)) continue;
      const n = this.#n[i]! + 1;
      const off = value - this.#mean[i]!;
      this.#n[i] = n;
      this.#mean[i] = this.#mean[i]! + off / n;
      this.#squares[i] = this.#squares[i]! + off * (value - this.#mean[i]!);
      this.#min[i] = Math.min(this.#min[i]!, value);
      this.#max[i] = Math.max(this.#max[i]!, value);
    }
  }

  /** As LeRobot has it; all zero where there was no number. `count` is of rows. */
  toJSON(): Readonly<Record<"min" | "max" | "mean" | "std" | "count", readonly number[]>> {
    const each = (of: (i: number) => number) =>
      Array.from(this.#n, (n, i) => (n === 0 ? 0 : of(i)));
    return {
      min: each((i) => this.#min[i]!),
      max: each((i) => this.#max[i]!),
      mean: each((i) => this.#mean[i]!),
      std: each((i) => Math.sqrt(this.#squares[i]! / this.#n[i]!)),
      count: [this.#rows],
    };
  }
}
