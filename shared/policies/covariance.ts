import type { Familiarity } from "./policy.ts";

/**
 * P = (ΦᵀΦ + λI)⁻¹ for the feature rows seen so far, kept up to date one row at a time by the
 * Sherman–Morrison identity (1950): O(size²) a row, however many there have been. Times the noise
 * variance, it is the posterior covariance of a linear model's weights.
 *
 * Only the upper triangle is kept, row by row, so that P is symmetric whatever the rounding.
 */
export class Covariance {
  readonly size: number;
  readonly lambda: number;
  /** [size (size + 1) / 2]: P₀₀ P₀₁ … P₁₁ P₁₂ … */
  readonly triangle: Float64Array;
  readonly #product: Float64Array;

  /**
   * @param size numbers in a feature row
   * @param lambda λ > 0, the ridge: noise variance over prior variance of a weight
   * @param triangle what {@link Covariance.triangle} was; without it, nothing has been seen
   */
  constructor(size: number, lambda: number, triangle?: ArrayLike<number>) {
    const numbers = (size * (size + 1)) / 2;
    if (triangle && triangle.length !== numbers) {
      throw new RangeError(`a covariance of size ${size} has ${numbers} numbers in its triangle`);
    }
    this.size = size;
    this.lambda = lambda;
    this.#product = new Float64Array(size);
    this.triangle = triangle ? Float64Array.from(triangle) : new Float64Array(numbers);
    if (triangle) return;
    for (let i = 0, diagonal = 0; i < size; diagonal += size - i, i++) {
      this.triangle[diagonal] = 1 / lambda;
    }
  }

  copy(): Covariance {
    return new Covariance(this.size, this.lambda, this.triangle);
  }

  /**
   * Counts the row `features` as seen.
   * @returns the gain Pφ, with P as it is afterwards; overwritten by the next call
   */
  add(features: Float64Array): Float64Array {
    return this.#change(features, 1);
  }

  /**
   * Takes back one {@link add} of the same row. Costs about as many digits as (φᵀφ/λ)² has, where
   * little else is known of the row: none to speak of for λ = 0.02 and φᵀφ = 1.
   * @returns the gain Pφ, with P as it is afterwards; overwritten by the next call
   * @throws RangeError where no such row can have been added
   */
  remove(features: Float64Array): Float64Array {
    return this.#change(features, -1);
  }

  /**
   * What is left of the prior variance in the direction of `features`: λ φᵀPφ / φᵀφ, in [0, 1].
   * A row of zeros has no direction, and gets the mean over all of them, λ tr(P) / size.
   */
  uncertainty(features: Float64Array): number {
    let square = 0;
    for (let i = 0; i < this.size; i++) square += features[i]! * features[i]!;
    const left = square > 0 ? this.#quadratic(features) / square : this.#trace() / this.size;
    return Math.min(1, Math.max(0, this.lambda * left));
  }

  #change(features: Float64Array, sign: 1 | -1): Float64Array {
    const { size, triangle } = this;
    const gain = this.#product;
    const variance = this.#multiply(features);
    const divisor = 1 + sign * variance;
    // A row that has been added has φᵀPφ below 1.
    if (!(divisor > 0)) throw new RangeError("this pair was never added");
    for (let i = 0, at = 0; i < size; i++) {
      const scaled = (sign * gain[i]!) / divisor;
      for (let j = i; j < size; j++, at++) triangle[at] = triangle[at]! - scaled * gain[j]!;
    }
    for (let i = 0; i < size; i++) gain[i] = gain[i]! / divisor;
    return gain;
  }

  /** Writes Pφ to the product and returns φᵀPφ. */
  #multiply(features: Float64Array): number {
    const { size, triangle } = this;
    const product = this.#product;
    product.fill(0);
    for (let i = 0, at = 0; i < size; i++) {
      const own = features[i]!;
      let sum = triangle[at++]! * own;
      for (let j = i + 1; j < size; j++, at++) {
        sum += triangle[at]! * features[j]!;
        product[j] = product[j]! + triangle[at]! * own;
      }
      product[i] = product[i]! + sum;
    }
    let variance = 0;
    for (let i = 0; i < size; i++) variance += features[i]! * product[i]!;
    return variance;
  }

  /** φᵀPφ */
  #quadratic(features: Float64Array): number {
    const { size, triangle } = this;
    let total = 0;
    for (let i = 0, at = 0; i < size; i++) {
      const own = features[i]!;
      let even = 0.5 * triangle[at++]! * own;
      let odd = 0;
      let j = i + 1;
      // Two sums, so that one addition need not wait for the other.
      for (; j + 1 < size; j += 2, at += 2) {
        even += triangle[at]! * features[j]!;
        odd += triangle[at + 1]! * features[j + 1]!;
      }
      if (j < size) even += triangle[at++]! * features[j]!;
      total += own * (even + odd);
    }
    return 2 * total;
  }

  #trace(): number {
    let trace = 0;
    for (let i = 0, diagonal = 0; i < this.size; diagonal += this.size - i, i++) {
      trace += this.triangle[diagonal]!;
    }
    return trace;
  }
}

/** Familiarity by a covariance of features of the observation. Takes `covariance` over. */
export function familiarityBy(
  features: (observation: Float64Array) => Float64Array,
  covariance: Covariance,
): Familiarity {
  return {
    uncertainty: (observation) => covariance.uncertainty(features(observation)),
    see: (observation) => void covariance.add(features(observation)),
  };
}
