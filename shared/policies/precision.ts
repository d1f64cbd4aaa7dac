import type { Familiarity } from "./policy.ts";

/**
 * Λ = I + ΦᵀΦ/λ for the feature rows Φ seen so far: the posterior precision of a linear model's weights,
 * in units of their prior precision. Its Cholesky factor R, upper triangular with RᵀR = Λ, is kept up
 * to date one row at a time by plane rotations (Golub & Van Loan 2013, §6.5): O(size²) a row, however
 * many there have been. R has the square root of Λ's condition number, so that rows may come and go
 * by the thousand and lose no digit that matters, which no recursion for Λ⁻¹ can say.
 */
export class Precision {
  readonly size: number;
  readonly lambda: number;
  readonly #scale: number;
  /** [size (size + 1) / 2], R row by row: R₀₀ R₀₁ … R₁₁ R₁₂ … */
  readonly triangle: Float64Array;
  /** Of the last change: the rotation in the plane of R's row k and the feature row. */
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #row: Float64Array;

  /**
   * @param size numbers in a feature row
   * @param lambda λ > 0, the ridge: noise variance over prior variance of a weight
   * @param triangle what {@link Precision.triangle} was; without it, nothing has been seen
   */
  constructor(size: number, lambda: number, triangle?: ArrayLike<number>) {
    const numbers = (size * (size + 1)) / 2;
    if (triangle && triangle.length !== numbers) {
      throw new RangeError(`a precision of size ${size} has ${numbers} numbers in its triangle`);
    }
    this.size = size;
    this.lambda = lambda;
    this.#scale = Math.sqrt(1 / lambda);
    this.#cosines = new Float64Array(size);
    this.#sines = new Float64Array(size);
    this.#row = new Float64Array(size);
    this.triangle = triangle ? Float64Array.from(triangle) : new Float64Array(numbers);
    if (triangle) return;
    for (let k = 0, at = 0; k < size; at += size - k, k++) this.triangle[at] = 1;
  }

  /**
   * The precision after many rows at once, by one factorisation.
   * @param squares ΦᵀΦ, in the order of {@link Precision.triangle}; overwritten
   */
  static ofSquares(size: number, lambda: number, squares: Float64Array): Precision {
    for (let k = 0, at = 0; k < size; at += size - k, k++) {
      for (let j = 0; j < size - k; j++) squares[at + j] = squares[at + j]! / lambda;
      squares[at] = squares[at]! + 1;
    }
    for (let k = 0, at = 0; k < size; at += size - k, k++) {
      const diagonal = Math.sqrt(squares[at]!);
      squares[at] = diagonal;
      for (let j = 1; j < size - k; j++) squares[at + j] = squares[at + j]! / diagonal;
      for (let i = 1, below = at + size - k; i < size - k; below += size - k - i, i++) {
        const own = squares[at + i]!;
        for (let j = i; j < size - k; j++) {
          squares[below + j - i] = squares[below + j - i]! - own * squares[at + j]!;
        }
      }
    }
    return new Precision(size, lambda, squares);
  }

  copy(): Precision {
    return new Precision(this.size, this.lambda, this.triangle);
  }

  /** A copy for rows that have one number more, which is taken to have been 0 in all rows so far. */
  grown(): Precision {
    const { size, lambda, triangle } = this;
    const grown = new Precision(size + 1, lambda);
    for (let k = 0, at = 0, to = 0; k < size; at += size - k, to += size + 1 - k, k++) {
      grown.triangle.set(triangle.subarray(at, at + size - k), to);
    }
    return grown;
  }

  /** Counts the row `features` as seen. */
  add(features: Float64Array): void {
    const { size, triangle } = this;
    const row = this.#row;
    for (let j = 0; j < size; j++) row[j] = this.#scale * features[j]!;
    for (let k = 0, at = 0; k < size; at += size - k, k++) {
      const diagonal = triangle[at]!;
      const own = row[k]!;
      const length = own === 0 ? diagonal : Math.sqrt(diagonal * diagonal + own * own);
      const cosine = diagonal / length;
      const sine = own / length;
      this.#cosines[k] = cosine;
      this.#sines[k] = sine;
      if (own === 0) continue;
      triangle[at] = length;
      for (let j = k + 1, here = at + 1; j < size; j++, here++) {
        const before = triangle[here]!;
        const value = row[j]!;
        triangle[here] = cosine * before + sine * value;
        row[j] = cosine * value - sine * before;
      }
    }
  }

  /**
   * Takes back one {@link add} of the same row (LINPACK's dchdd; Stewart 1979). Costs about as many
   * digits as φᵀφ/λ has where nothing else is known of the row: two for λ = 0.02 and φᵀφ = 1. A row so
   * long that a double has no digits left for the rest may be refused.
   * @throws RangeError where no such row can have been added; then nothing changes
   */
  remove(features: Float64Array): void {
    const { size, triangle } = this;
    const row = this.#row;
    // A row that has been added has φᵀΛ⁻¹φ below λ.
    const rest = 1 - this.#whiten(features, this.#scale);
    if (!(rest > 0)) throw new RangeError("this pair was never added");
    let length = Math.sqrt(rest);
    for (let k = size - 1; k >= 0; k--) {
      const longer = Math.sqrt(length * length + row[k]! * row[k]!);
      this.#cosines[k] = length / longer;
      this.#sines[k] = row[k]! / longer;
      length = longer;
    }
    row.fill(0);
    for (let k = size - 1, at = triangle.length - 1; k >= 0; k--, at -= size - k) {
      const cosine = this.#cosines[k]!;
      const sine = this.#sines[k]!;
      for (let j = k, here = at; j < size; j++, here++) {
        const before = triangle[here]!;
        const value = row[j]!;
        triangle[here] = cosine * before - sine * value;
        row[j] = cosine * value + sine * before;
      }
    }
  }

  /**
   * Takes the target of the row last added into `moments`, which is R⁻ᵀΦᵀy/λ for the targets y of the
   * rows so far: the right-hand side that goes with R.
   * @param moments [size]
   */
  addTarget(moments: Float64Array, target: number): void {
    let left = this.#scale * target;
    for (let k = 0; k < this.size; k++) {
      const before = moments[k]!;
      moments[k] = this.#cosines[k]! * before + this.#sines[k]! * left;
      left = this.#cosines[k]! * left - this.#sines[k]! * before;
    }
  }

  /** Takes the target of the row last removed back out of `moments`. */
  removeTarget(moments: Float64Array, target: number): void {
    let left = this.#scale * target;
    for (let k = 0; k < this.size; k++) {
      const before = (moments[k]! - this.#sines[k]! * left) / this.#cosines[k]!;
      left = this.#cosines[k]! * left - this.#sines[k]! * before;
      moments[k] = before;
    }
  }

  /** What {@link addTarget} makes of all rows and their targets y: R⁻ᵀΦᵀy/λ, from Φᵀy. */
  momentsOf(products: Float64Array): Float64Array {
    this.#whiten(products, 1 / this.lambda);
    return this.#row.slice();
  }

  /** Writes the weights w = Λ⁻¹Φᵀy/λ = (ΦᵀΦ + λI)⁻¹Φᵀy, from R w = moments. Both are [size]. */
  solve(moments: Float64Array, weights: Float64Array): void {
    const { size, triangle } = this;
    for (let k = size - 1, at = triangle.length - 1; k >= 0; k--, at -= size - k) {
      let even = moments[k]!;
      let odd = 0;
      let j = k + 1;
      let here = at + 1;
      // Two sums, so that one addition need not wait for the other.
      for (; j + 1 < size; j += 2, here += 2) {
        even -= triangle[here]! * weights[j]!;
        odd -= triangle[here + 1]! * weights[j + 1]!;
      }
      if (j < size) even -= triangle[here]! * weights[j]!;
      weights[k] = (even + odd) / triangle[at]!;
    }
  }

  /** The posterior variance of φᵀw where the prior variance of a weight is 1: φᵀΛ⁻¹φ, from φᵀφ down. */
  variance(features: Float64Array): number {
    return this.#whiten(features, 1);
  }

  /**
   * What is left of the prior variance in the direction of `features`: φᵀΛ⁻¹φ / φᵀφ, in [0, 1].
   * A row of zeros has no direction, and gets the mean over all of them, tr(Λ⁻¹) / size.
   */
  uncertainty(features: Float64Array): number {
    let square = 0;
    for (let i = 0; i < this.size; i++) square += features[i]! * features[i]!;
    const left = square > 0 ? this.variance(features) / square : this.#trace() / this.size;
    return Math.min(1, Math.max(0, left));
  }

  /** Writes R⁻ᵀφ, scaled, to the row, and returns its square: φᵀΛ⁻¹φ for scale 1. */
  #whiten(features: Float64Array, scale: number): number {
    const { size, triangle } = this;
    const row = this.#row;
    for (let j = 0; j < size; j++) row[j] = scale * features[j]!;
    let square = 0;
    let at = 0;
    let k = 0;
    // Two rows of R at a time: each number of the row is then fetched and put back half as often.
    for (; k + 1 < size; at += 2 * (size - k) - 1, k += 2) {
      const next = at + size - k;
      const one = row[k]! / triangle[at]!;
      const two = (row[k + 1]! - one * triangle[at + 1]!) / triangle[next]!;
      row[k] = one;
      row[k + 1] = two;
      square += one * one + two * two;
      for (let j = k + 2, a = at + 2, b = next + 1; j < size; j++, a++, b++) {
        row[j] = row[j]! - one * triangle[a]! - two * triangle[b]!;
      }
    }
    if (k < size) {
      row[k] = row[k]! / triangle[at]!;
      square += row[k]! * row[k]!;
    }
    return square;
  }

  /** tr(Λ⁻¹), in O(size³). */
  #trace(): number {
    const unit = new Float64Array(this.size);
    let trace = 0;
    for (let i = 0; i < this.size; i++) {
      unit[i] = 1;
      trace += this.variance(unit);
      unit[i] = 0;
    }
    return trace;
  }
}

/** Familiarity by a precision of features of the observation. Takes `precision` over. */
export function familiarityBy(
  features: (observation: Float64Array) => Float64Array,
  precision: Precision,
): Familiarity {
  return {
    uncertainty: (observation) => precision.uncertainty(features(observation)),
    see: (observation) => precision.add(features(observation)),
  };
}
