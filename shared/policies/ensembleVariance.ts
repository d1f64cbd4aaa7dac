import { ridge } from "./kernel.ts";
import { Precision } from "./precision.ts";

/**
 * How far the members of an ensemble are apart, and what would be left of it after more labels.
 *
 * The members are taken for draws from a Gaussian posterior, as in an ensemble Kalman filter (Evensen
 * 2003): with d_m(o) member m's deviation from the mean, the covariance between two places is
 * Σ_m d_m(o) d_m(o′) / k. That is a linear model in the features d_m/√k, which a label conditions by
 * the same formula as any other, so that no label makes members disagree more, anywhere.
 *
 * The unit is half the action's range: variance 1 is members at opposite bounds, and more than that
 * cannot be, since what a member says is cut off at the bounds as its action would be.
 */
export class EnsembleVariance {
  readonly #nNumbers: number;
  readonly #nMembers: number;
  readonly #precision: Precision;
  /** [nNumbers] of [nMembers]: for each number of the action, what is linear in the label. */
  readonly #deviations: readonly Float64Array[];

  /**
   * @param nNumbers in an action
   * @param precision over the members' deviations; without it, no label has come since they were trained
   */
  constructor(nNumbers: number, nMembers: number, precision = new Precision(nMembers, ridge)) {
    this.#nNumbers = nNumbers;
    this.#nMembers = nMembers;
    this.#precision = precision;
    this.#deviations = Array.from({ length: nNumbers }, () => new Float64Array(nMembers));
  }

  copy(): EnsembleVariance {
    return new EnsembleVariance(this.#nNumbers, this.#nMembers, this.#precision.copy());
  }

  /**
   * The variance that is left, in [0, 1], mean over the numbers of the action.
   * @param opinions [nMembers] of [nNumbers], each with the action's bounds at ±1
   */
  uncertainty(opinions: readonly Float64Array[]): number {
    let variance = 0;
    for (const deviations of this.#read(opinions)) {
      variance += this.#precision.variance(deviations) / this.#nNumbers;
    }
    return Math.min(1, variance);
  }

  /** Counts the place that `opinions` are about as labelled. */
  see(opinions: readonly Float64Array[]): void {
    for (const deviations of this.#read(opinions)) this.#precision.add(deviations);
  }

  #read(opinions: readonly Float64Array[]): readonly Float64Array[] {
    for (let k = 0; k < this.#nNumbers; k++) {
      const row = this.#deviations[k]!;
      let mean = 0;
      for (let m = 0; m < this.#nMembers; m++) {
        row[m] = Math.min(1, Math.max(-1, opinions[m]![k]!));
        mean += row[m]! / this.#nMembers;
      }
      for (let m = 0; m < this.#nMembers; m++) {
        row[m] = (row[m]! - mean) / Math.sqrt(this.#nMembers);
      }
    }
    return this.#deviations;
  }
}
