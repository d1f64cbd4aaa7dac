import type { Random } from "../random.ts";
import { choleskyOf } from "./belief.ts";
import { type Demonstration, linearReward } from "./features.ts";
import type { Model } from "./lattice.ts";
import { personIn } from "./persons.ts";
import { type Likelihood, likelihoodOf } from "./scores.ts";
import { toldIn, type WeightsPrior } from "./severalWorlds.ts";
import { softValueIteration } from "./soft.ts";

/** How much wider than Laplace's normal distribution weights are drawn: the posterior has the longer tails. */
const widening = 1.3;

/**
 * Standard normal numbers, in pairs about 0: [draw][feature].
 * @param n even
 */
export function normalPairs(n: number, nFeatures: number, random: Random): Float64Array[] {
  return Array.from({ length: n / 2 }, () =>
    Float64Array.from({ length: nFeatures }, () => random.normal()),
  ).flatMap((draw) => [draw, draw.map((z) => -z)]);
}

/**
 * The policy that is expected of somebody who showed these walks: the mean of the soft policies over the posterior of their
 * weights, by self-normalised importance sampling about the mode (Owen 2013, Monte Carlo theory, methods and examples,
 * section 9.2). Laplace's normal distribution alone reaches to weights for which the walks are most unlikely, since the
 * likelihood falls faster on one side than on the other.
 *
 * @param model over a finite horizon
 * @param walks may be none; then it is expected by the prior
 * @param draws see {@link normalPairs}
 * @returns [t][s][a]
 */
export function expectedPolicy(
  model: Model,
  walks: readonly Demonstration[],
  prior: WeightsPrior,
  draws: readonly Float64Array[],
): Float64Array {
  const { mdp, features } = model;
  const told = walks.length > 0 ? toldIn([{ model, demonstrations: walks }]) : null;
  const { weights: mode, covariance } = personIn(told, prior);
  const n = mode.length;
  const root = choleskyOf(covariance, n);
  const sampled = draws.map((z) => {
    const weights = mode.map((w, i) => {
      let moved = w;
      for (let j = 0; j <= i; j++) moved += Math.sqrt(widening) * root[i * n + j]! * z[j]!;
      return moved;
    });
    const { policy } = softValueIteration(mdp, linearReward(features, weights));
    let log = told ? logLikelihoodOf(likelihoodBy(model, policy, walks)) : 0;
    for (let k = 0; k < n; k++)
      log += (z[k]! ** 2 - (weights[k]! - prior.mean[k]!) ** 2 / prior.variance[k]!) / 2;
    return { policy, log };
  });
  const most = Math.max(...sampled.map(({ log }) => log));
  const weightOf = ({ log }: { log: number }) => Math.exp(log - most);
  const all = sampled.reduce((sum, draw) => sum + weightOf(draw), 0);
  const expected = new Float64Array(sampled[0]!.policy.length);
  for (const draw of sampled) {
    const share = weightOf(draw) / all;
    for (let i = 0; i < expected.length; i++) expected[i]! += share * draw.policy[i]!;
  }
  return expected;
}

/**
 * How likely the actions of walks are by a policy.
 * @param model over a finite horizon
 * @param policy [t][s][a]
 */
export function likelihoodBy(
  { mdp }: Model,
  policy: Float64Array,
  walks: readonly Demonstration[],
): Likelihood {
  return likelihoodOf(mdp, walks, ({ t, state }) => {
    const row = (t * mdp.nStates + state) * mdp.nActions;
    return policy.subarray(row, row + mdp.nActions);
  });
}

function logLikelihoodOf({ perStep, steps }: Likelihood): number {
  return steps * perStep;
}
