import { type Chain, chainOf } from "./chain.ts";
import { expectedFeatures, lookAhead } from "./expectedFeatures.ts";
import { linearReward } from "./features.ts";
import type { Mdp } from "./mdp.ts";
import { softValueIteration } from "./soft.ts";
import { addSpread, spreads } from "./spread.ts";
import { type Inflow, visitsFrom } from "./visitation.ts";

/** Error allowed in values, visits and the features expected, as in `maxEnt`. */
const solverTolerance = 1e-10;

/**
 * The Hessian of Σ_i mass_i V_w(state_i), [k][k], exact. The gradient of V_w(s) is Φ(s), the features
 * expected from s on, which the policy makes of φ by a linear backward recursion:
 *
 *   Φ_t(s) = Σ_a π_t(a | s) G_t(s, a),  G_t(s, a) = φ(s) + γ Σ_s' P(s' | s, a) Φ_{t+1}(s')
 *
 * Differentiated once more, each decision adds the covariance of G over its actions, weighted by the
 * visits to its state:
 *
 *   ∇² Σ_i mass_i V_w(state_i) = Σ_t Σ_s visits_t(s) Cov_{a ~ π_t(· | s)} G_t(s, a)
 *
 * @param features [s][k]
 * @param weights [k]
 */
export function informationOf(
  mdp: Mdp,
  features: Float64Array,
  weights: Float64Array,
  inflow: Inflow,
): Float64Array {
  return informationUnder(mdp, features, policyFor(mdp, features, weights), inflow);
}

/** @throws RangeError where the features are no matrix for these states and weights */
export function policyFor(mdp: Mdp, features: Float64Array, weights: Float64Array): Float64Array {
  if (features.length !== mdp.nStates * weights.length) {
    throw new RangeError(
      `${features.length} features are no matrix for ${mdp.nStates} states and ${weights.length} weights`,
    );
  }
  return softValueIteration(mdp, linearReward(features, weights), solverTolerance).policy;
}

/**
 * {@link informationOf} the weights that this policy solves.
 */
export function informationUnder(
  mdp: Mdp,
  features: Float64Array,
  policy: Float64Array,
  inflow: Inflow,
  { tolerance = solverTolerance, chain, visits, expected }: Partial<Known> = {},
): Float64Array {
  const { nStates, nActions, horizon } = mdp;
  const n = features.length / nStates;
  const information = new Float64Array(n * n);

  if (Number.isFinite(horizon)) {
    const byTime = visitsByTime(mdp, policy, inflow);
    const later = features.slice();
    const now = new Float64Array(later.length);
    for (let t = horizon - 1; t >= 0; t--) {
      const choices = policy.subarray(t * nStates * nActions, (t + 1) * nStates * nActions);
      addSpread(mdp, choices, later, byTime.subarray(t * nStates, (t + 1) * nStates), information);
      lookAhead(mdp, features, choices, later, now);
      later.set(now);
    }
  } else {
    const steps = chain ?? chainOf(mdp, policy);
    const here = visits ?? visitsFrom(mdp, policy, inflow, tolerance, undefined, steps);
    const later = expectedFeatures(mdp, features, steps, tolerance, expected);
    addSpread(mdp, policy, later, here, information);
  }
  for (let j = 0; j < n; j++)
    for (let k = 0; k < j; k++) information[k * n + j] = information[j * n + k]!;
  return information;
}

/**
 * {@link informationOf} one episode from each state, [s][k][k]: what a decision there tells, and what is told from
 * where it leads. It obeys the same recursion as the features expected.
 */
export function informationFromEach(
  mdp: Mdp,
  features: Float64Array,
  weights: Float64Array,
): Float64Array {
  const { nStates, nActions, horizon } = mdp;
  const n = weights.length;
  const policy = policyFor(mdp, features, weights);
  if (!Number.isFinite(horizon)) {
    const steps = chainOf(mdp, policy);
    const later = expectedFeatures(mdp, features, steps, solverTolerance);
    return expectedFeatures(mdp, spreads(mdp, policy, later, n), steps, solverTolerance);
  }
  let later = features;
  let told = new Float64Array(nStates * n * n);
  for (let t = horizon - 1; t >= 0; t--) {
    const choices = policy.subarray(t * nStates * nActions, (t + 1) * nStates * nActions);
    const toldNow = new Float64Array(told.length);
    lookAhead(mdp, spreads(mdp, choices, later, n), choices, told, toldNow);
    told = toldNow;
    const now = new Float64Array(later.length);
    lookAhead(mdp, features, choices, later, now);
    later = now;
  }
  return told;
}

/** What is known of a policy, and how exact the rest is to be. Infinite horizon only. */
export interface Known {
  /** Bound on the error of the visits, and of the features expected. */
  readonly tolerance: number;
  readonly chain: Chain;
  /** [s], that it makes from the inflow. */
  readonly visits: Float64Array;
  /** [s][k], features expected under a similar policy, where the search for its own begins; overwritten. */
  readonly expected: Float64Array;
}

/** Visits at each time at which there is a decision, [t][s]; negative where the inflow is. */
function visitsByTime(mdp: Mdp, policy: Float64Array, { at, state, mass }: Inflow): Float64Array {
  const { nStates, nActions, offsets, next, probability, discount, horizon } = mdp;
  const visits = new Float64Array((horizon + 1) * nStates);
  for (let i = 0; i < at.length; i++) visits[at[i]! * nStates + state[i]!]! += mass[i]!;
  for (let t = 0; t < horizon; t++) {
    for (let s = 0; s < nStates; s++) {
      const here = discount * visits[t * nStates + s]!;
      if (here === 0) continue;
      for (let a = 0; a < nActions; a++) {
        const row = s * nActions + a;
        const flow = here * policy[t * nStates * nActions + row]!;
        for (let j = offsets[row]!; j < offsets[row + 1]!; j++)
          visits[(t + 1) * nStates + next[j]!]! += flow * probability[j]!;
      }
    }
  }
  return visits;
}
