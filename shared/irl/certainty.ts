import { composed, eigen } from "./eigen.ts";
import type { Evidence } from "./features.ts";
import { informationOf, informationUnder, type Known, policyFor } from "./information.ts";
import type { Mdp } from "./mdp.ts";
import { startInflow } from "./visitation.ts";

/**
 * Laplace's approximation of the posterior of the weights (MacKay 2003, chapter 27): a normal
 * distribution around the weights found, whose precision is the curvature of the log-likelihood there.
 *
 * It is as good as the log-likelihood is right. With "observed" outcomes their chance is in the
 * likelihood and not in its curvature, so that in a noisy world intervals are too narrow; with
 * "expected" outcomes they are not. Steps that weigh γ^t count for less than the information they hold,
 * which makes intervals too wide.
 */
export interface Certainty {
  /** [k][k]: curvature of all demonstrations' negative log-likelihood (not its mean), without the prior. */
  readonly information: Float64Array;
  /**
   * [k][k]: covariance of the weights, (information + precision of the prior · I)⁻¹. Where the
   * information is negative, as it may be for demonstrations that were cut short, it counts as 0:
   * evidence never widens the prior. Without a prior it is the pseudo-inverse on the determined
   * directions; a variance of 0 in the others then stands for "without bound".
   */
  readonly covariance: Float64Array;
  /**
   * Orthonormal vectors [k] that span the undetermined directions: those along which the information
   * is less than 1 % of a unit prior's precision, so that an interval of ±1 before the evidence is
   * ±0.995 after it. As features are bounded by 1 and a weight of 1 is one nat a visit, the
   * demonstrated actions are nearly equally likely at both ends of that interval.
   */
  readonly undetermined: readonly Float64Array[];
}

/** Less than this leaves a direction undetermined: 1 % of the precision of a prior of variance 1. */
const leastInformation = 0.01;
/** Information below this share of the largest is rounding error. */
const rounding = 1e-9;

/**
 * @param features [s][k]
 * @param weights [k], where the objective of `maxEnt` is least
 * @param options how many demonstrations the evidence is the mean of, and the penalty. The objective is
 * the mean log-likelihood less l2 / 2 · |w|², so the sum's prior has precision demonstrations · l2.
 * @param policy the soft one for these weights, which saves solving for it
 * @param known of that policy
 */
export function certaintyOf(
  mdp: Mdp,
  features: Float64Array,
  evidence: Evidence,
  weights: Float64Array,
  { demonstrations, l2 }: { readonly demonstrations: number; readonly l2: number },
  policy: Float64Array = policyFor(mdp, features, weights),
  known: Partial<Known> = {},
): Certainty {
  if (!(l2 >= 0 && Number.isFinite(l2))) throw new RangeError(`l2 is a number from 0, not ${l2}`);
  const information = informationUnder(mdp, features, policy, evidence.inflow, known).map(
    (curvature) => demonstrations * curvature,
  );
  return certaintyFrom(information, demonstrations * l2);
}

/** @param precision of the prior, 0 for none */
export function certaintyFrom(information: Float64Array, precision: number): Certainty {
  const { values, vectors } = eigen(information, Math.sqrt(information.length));
  const least = Math.max(leastInformation, rounding * Math.max(...values));
  const variances = values.map((value) =>
    value < least && precision === 0 ? 0 : 1 / (Math.max(0, value) + precision),
  );
  return {
    information,
    covariance: composed(variances, vectors),
    undetermined: vectors.filter((_, i) => values[i]! < least),
  };
}

/**
 * Directions of the weights along which all that one may do from these starts comes to the same, in all of these worlds:
 * no play tells anything about them. Orthonormal vectors [k]. With γ = 1 and a horizon, what differs along such a
 * direction is a potential that all actions change alike (Ng, Harada and Russell 1999; Cao, Cohen and Szpruch 2021); two
 * worlds may tell what each of them alone cannot.
 */
export function untellableIn(
  models: readonly { readonly mdp: Mdp; readonly features: Float64Array }[],
): Float64Array[] {
  const n = models[0]!.features.length / models[0]!.mdp.nStates;
  const all = new Float64Array(n * n);
  for (const { mdp, features } of models) {
    // Whoever walks at random tries everything. Where all actions come to the same for them, they do for anybody.
    const told = informationOf(mdp, features, new Float64Array(n), startInflow(mdp.start));
    for (let i = 0; i < all.length; i++) all[i]! += told[i]!;
  }
  const { values, vectors } = eigen(all, n);
  const least = rounding * Math.max(...values);
  return vectors.filter((_, i) => values[i]! <= least);
}

/**
 * The central interval that holds `level` of a normal distribution: mean ± z sd. z solves
 * Φ(z) − 1/2 = level / 2 by Newton's method, which climbs from 0 and never passes it, as Φ is concave
 * there; Φ(z) − 1/2 = φ(z) Σ_i z^(2i + 1) / (1 · 3 · … · (2i + 1)) (Marsaglia 2004, Evaluating the
 * Normal Distribution).
 *
 * @param level in (0, 1)
 */
export function intervalOf(mean: number, variance: number, level = 0.9): readonly [number, number] {
  if (!(level > 0 && level < 1)) throw new RangeError(`level is in (0, 1), not ${level}`);
  if (!(variance >= 0)) throw new RangeError(`variance is a number from 0, not ${variance}`);
  let z = 0;
  for (let step = 1; step > 1e-12; z += step) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    let series = 0;
    let term = z;
    for (let i = 3; series + term !== series; term *= (z * z) / i, i += 2) series += term;
    step = level / 2 / density - series;
  }
  const half = z * Math.sqrt(variance);
  return [mean - half, mean + half];
}
