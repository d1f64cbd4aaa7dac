import {
  type Demonstration,
  evidenceOf,
  featureExpectations,
  featuresOf,
  linearReward,
} from "./features.ts";
import type { Mdp } from "./mdp.ts";
import type { StoppingRule } from "./minimise.ts";
import { valueIteration } from "./planning.ts";
import type { SoftSolution } from "./soft.ts";
import { visitationFrequency } from "./visitation.ts";

export interface FeatureMatch {
  /**
   * [k], of length 1: of all weights tried, those whose own best policy comes nearest to the expert's
   * feature expectations. The last ones tried are not better: the nearer the mixture, the more their
   * direction is noise. All 0 where the uniform policy already matches the expert.
   */
  readonly weights: Float64Array;
  /** [s], a visit. Its scale is arbitrary, as that of the weights is. */
  readonly reward: Float64Array;
  /** Euclidean distance left between the expert's feature expectations and those of the best mixture of the policies found. */
  readonly gap: number;
  /** [k], discounted sums over an episode. */
  readonly expertFeatures: Float64Array;
  /** [k], those of the mixture. */
  readonly learnerFeatures: Float64Array;
  /** Policies found, the uniform one not counted. */
  readonly iterations: number;
}

/**
 * Apprenticeship learning by feature matching, the projection method (Abbeel and Ng 2004, Apprenticeship
 * Learning via Inverse Reinforcement Learning, section 3.1). It starts with the uniform policy and finds
 * a mixture of policies, each drawn for a whole episode, whose feature expectations μ̄ are the
 * expert's μ_E: the weights are w = μ_E − μ̄, the policy that is best for them has expectations μ,
 * and the nearest point to μ_E between μ̄ and μ is the next μ̄. It stops once |w| is at most
 * `tolerance`, or within `tolerance` of the least that any mixture has, where the model cannot do as
 * the expert did.
 *
 * Expectations are discounted sums over an episode (`featureExpectations`) for the expert and for the
 * learner, whose episodes start as the demonstrations do and run to the horizon. A demonstration that
 * ended in a state that no action leaves counts as staying there until the horizon. One that was cut
 * short elsewhere lacks its later visits, which this method cannot supply as maximum entropy does: the
 * expectations are then too small by the discounted features of the missing visits, and a feature that
 * is positive everywhere looks disliked. Steps left out are counted too.
 *
 * @param features [s][k]
 * @throws RangeError where demonstrations are wrong in the sense of `evidenceOf`, or features have the
 * wrong shape or are not finite
 */
export function featureMatching(
  mdp: Mdp,
  features: Float64Array,
  demonstrations: readonly Demonstration[],
  { tolerance = 1e-3, maxIterations = 200 }: Partial<StoppingRule> = {},
): FeatureMatch {
  const nFeatures = features.length / mdp.nStates;
  if (!Number.isInteger(nFeatures) || nFeatures < 1) {
    throw new RangeError(`${features.length} features are no matrix for ${mdp.nStates} states`);
  }
  if (!features.every(Number.isFinite)) throw new RangeError("features are finite");
  const { start } = evidenceOf(mdp, features, nFeatures, demonstrations);
  const expert = expertFeatures(mdp, features, nFeatures, demonstrations);
  const solverTolerance = tolerance * 1e-3;
  // Over an infinite horizon each solution is where the next one starts: their directions are alike.
  let last: SoftSolution | undefined;
  const bestFor = (weights: Float64Array) => {
    last = valueIteration(mdp, linearReward(features, weights), solverTolerance, last);
    const { policy } = last;
    const visits = visitationFrequency(mdp, policy, start, solverTolerance);
    return featuresOf(features, nFeatures, visits);
  };

  let weights = new Float64Array(nFeatures);
  let nearest = Number.POSITIVE_INFINITY;
  const mixture = bestFor(weights);
  let gap = distance(expert, mixture);
  let iterations = 0;
  while (gap > tolerance && iterations < maxIterations) {
    const direction = expert.map((f, k) => (f - mixture[k]!) / gap);
    const learner = bestFor(direction);
    iterations++;
    const own = distance(expert, learner);
    if (own < nearest) [weights, nearest] = [direction, own];

    const step = learner.map((f, k) => f - mixture[k]!);
    const length = Math.hypot(...step);
    // No policy gets further in this direction than this one, so no mixture is nearer than gap − gain.
    const gain = step.reduce((sum, d, k) => sum + d * direction[k]!, 0);
    if (gain <= tolerance) break;
    const share = Math.min(1, (gain * gap) / (length * length));
    for (let k = 0; k < nFeatures; k++) mixture[k]! += share * step[k]!;
    gap = distance(expert, mixture);
  }
  return {
    weights,
    reward: linearReward(features, weights),
    gap,
    expertFeatures: expert,
    learnerFeatures: mixture,
    iterations,
  };
}

/** [k]: the demonstrations' feature expectations; one that ended in an absorbing state stays there. */
function expertFeatures(
  mdp: Mdp,
  features: Float64Array,
  nFeatures: number,
  demonstrations: readonly Demonstration[],
): Float64Array {
  const { discount, horizon } = mdp;
  const expectations = featureExpectations(
    features,
    nFeatures,
    demonstrations.map(({ states }) => states),
    discount,
  );
  for (const { states } of demonstrations) {
    const last = states.length - 1;
    const s = states[last]!;
    if (!isAbsorbing(mdp, s)) continue;
    // Σ discount^t for t from last + 1 to the horizon; discount^Infinity is 0.
    const tail =
      discount === 1
        ? horizon - last
        : (discount ** (last + 1) - discount ** (horizon + 1)) / (1 - discount);
    for (let k = 0; k < nFeatures; k++)
      expectations[k]! += (tail / demonstrations.length) * features[s * nFeatures + k]!;
  }
  return expectations;
}

/** Whether s is no terminal and no action leaves it. */
function isAbsorbing({ nActions, offsets, next, terminal }: Mdp, s: number): boolean {
  if (terminal[s]) return false;
  return next
    .subarray(offsets[s * nActions]!, offsets[(s + 1) * nActions]!)
    .every((state) => state === s);
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.hypot(...a.map((value, k) => value - b[k]!));
}
