import type { Certainty } from "./certainty.ts";
import { chainOf } from "./chain.ts";
import { expectedFeatures } from "./expectedFeatures.ts";
import { type Demonstration, type EvidenceOptions, evidenceOf, featuresOf } from "./features.ts";
import type { Mdp } from "./mdp.ts";
import { addScaled } from "./rows.ts";
import { visitsFrom } from "./visitation.ts";

/** Error allowed in visits and in what is expected, as in `maxEnt`. */
const solverTolerance = 1e-10;

/**
 * The covariance of the weights where the steps of a demonstration may depend on each other, as they do where
 * somebody has a habit, a lag or a mood for all of it: the sandwich C B C (Huber 1967; White 1982), clustered by
 * demonstration (Liang and Zeger 1986). C is Laplace's covariance, which takes all steps for independent. B is what the
 * demonstrations' own scores vary by, and the precision of the prior:
 *
 *   B = n / (n − 1) Σ_i (g_i − ḡ) (g_i − ḡ)ᵀ + precision · I
 *
 * where g_i is the gradient of the log-likelihood of demonstration i. If the model is right, B tends to C⁻¹ and
 * the sandwich to C. It has as little to go by as there are demonstrations: with fewer than about thirty it tends to be
 * too small, and where no demonstration differs from another it is.
 *
 * @param features [s][k]
 * @param policy the soft one for the weights found
 * @param certainty around these weights
 * @param precision of the prior: demonstrations · l2
 * @returns [k][k]; null where there are fewer than two demonstrations
 */
export function clusteredCovariance(
  mdp: Mdp,
  features: Float64Array,
  demonstrations: readonly Demonstration[],
  policy: Float64Array,
  { covariance }: Pick<Certainty, "covariance">,
  precision: number,
  options: EvidenceOptions = {},
): Float64Array | null {
  const n = demonstrations.length;
  if (n < 2) return null;
  const k = features.length / mdp.nStates;
  // Over an infinite horizon what follows from a state is the same at all times, and is found once for all.
  const ahead = Number.isFinite(mdp.horizon)
    ? null
    : expectedFeatures(mdp, features, chainOf(mdp, policy), solverTolerance);
  const scores = demonstrations.map((demonstration) => {
    const evidence = evidenceOf(mdp, features, k, [demonstration], options);
    const { state, mass } = evidence.inflow;
    if (!ahead) {
      const visits = visitsFrom(mdp, policy, evidence.inflow, solverTolerance);
      const expected = featuresOf(features, k, visits);
      return evidence.features.map((feature, i) => feature - expected[i]!);
    }
    const score = evidence.features;
    for (let j = 0; j < state.length; j++) addScaled(score, 0, -mass[j]!, ahead, state[j]! * k, k);
    return score;
  });
  const mean = new Float64Array(k);
  for (const score of scores) for (let i = 0; i < k; i++) mean[i]! += score[i]! / n;

  const spread = new Float64Array(k * k);
  for (let i = 0; i < k; i++) spread[i * k + i] = precision;
  for (const score of scores) {
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++)
        spread[i * k + j]! += (n / (n - 1)) * (score[i]! - mean[i]!) * (score[j]! - mean[j]!);
  }
  return product(product(covariance, spread, k), covariance, k);
}

/** Of two matrices [k][k]. */
function product(a: Float64Array, b: Float64Array, k: number): Float64Array {
  const result = new Float64Array(k * k);
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++)
      for (let l = 0; l < k; l++) result[i * k + l]! += a[i * k + j]! * b[j * k + l]!;
  return result;
}
