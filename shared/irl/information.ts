import { type Chain, chainOf } from "./chain.ts";
import { mostDense } from "./dense.ts";
import { expectedFeatures, lookAhead } from "./expectedFeatures.ts";
import { linearReward } from "./features.ts";
import type { Mdp } from "./mdp.ts";
import { addScaled } from "./rows.ts";
import { softValueIteration } from "./soft.ts";
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

/** Cov_a G(s, a) of each state, [s][k][k]. */
function spreads(mdp: Mdp, choices: Float64Array, later: Float64Array, n: number): Float64Array {
  const all = new Float64Array(mdp.nStates * n * n);
  const room = roomFor(mdp.nActions, n);
  for (let s = 0; s < mdp.nStates; s++) {
    const own = all.subarray(s * n * n, (s + 1) * n * n);
    addStateSpread(mdp, choices, later, 1, s, room, own);
    for (let j = 0; j < n; j++) for (let k = 0; k < j; k++) own[k * n + j] = own[j * n + k]!;
  }
  return all;
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

/**
 * Adds Σ_s visits(s) Cov_a G(s, a) to the lower triangle of `information`.
 * @param choices [s][a]
 * @param later [s][k], the features expected from one step later on
 * @param visits [s]
 */
function addSpread(
  mdp: Mdp,
  choices: Float64Array,
  later: Float64Array,
  visits: Float64Array,
  information: Float64Array,
): void {
  const { nStates, nActions } = mdp;
  const n = later.length / nStates;
  if (nStates <= mostDense) {
    addFewSpread(mdp, choices, later, visits, information);
    return;
  }
  if (isCertain(mdp)) {
    addCertainSpread(mdp, choices, later, visits, information);
    return;
  }
  const room = roomFor(nActions, n);
  for (let s = 0; s < nStates; s++) {
    if (visits[s] !== 0) addStateSpread(mdp, choices, later, visits[s]!, s, room, information);
  }
}

/** For the features expected after each action, [a] of [k], and their mean. */
const roomFor = (nActions: number, n: number) => ({
  mean: new Float64Array(n),
  ahead: Array.from({ length: nActions }, () => new Float64Array(n)),
});

/** Adds visits · Cov_a G(s, a) of one state to the lower triangle of `information`. */
function addStateSpread(
  { nActions, offsets, next, probability, terminal, discount }: Mdp,
  choices: Float64Array,
  later: Float64Array,
  visits: number,
  s: number,
  { mean, ahead }: ReturnType<typeof roomFor>,
  information: Float64Array,
): void {
  if (terminal[s]) return;
  const n = mean.length;
  mean.fill(0);
  for (let a = 0; a < nActions; a++) {
    const row = s * nActions + a;
    const outcome = ahead[a]!.fill(0);
    for (let j = offsets[row]!; j < offsets[row + 1]!; j++)
      addScaled(outcome, 0, discount * probability[j]!, later, next[j]! * n, n);
    addScaled(mean, 0, choices[row]!, outcome, 0, n);
  }
  for (let a = 0; a < nActions; a++) {
    addScaled(ahead[a]!, 0, -1, mean, 0, n);
    addSquare(information, visits * choices[s * nActions + a]!, ahead[a]!);
  }
}

/** Whether every action leads to one state alone. */
function isCertain({ nStates, nActions, next, terminal }: Mdp): boolean {
  return next.length === nStates * nActions && !terminal.includes(1);
}

/**
 * {@link addSpread} where every action leads to one state alone, as E[G Gᵀ] − E[G] E[G]ᵀ: actions that lead to the same
 * state then count as one, wherever they were taken. A covariance is the same wherever its origin is; about the mean of all
 * features expected the two differ by enough to be told apart.
 */
function addCertainSpread(
  { nStates, nActions, next, discount }: Mdp,
  choices: Float64Array,
  later: Float64Array,
  visits: Float64Array,
  information: Float64Array,
): void {
  const n = later.length / nStates;
  const origin = new Float64Array(n);
  for (let s = 0; s < nStates; s++) addScaled(origin, 0, 1 / nStates, later, s * n, n);
  const centred = later.slice();
  for (let i = 0, k = 0; i < centred.length; i++, k = k + 1 === n ? 0 : k + 1) {
    centred[i] = discount * (centred[i]! - origin[k]!);
  }
  const arrivals = new Float64Array(nStates);
  const mean = new Float64Array(n);
  for (let s = 0; s < nStates; s++) {
    if (visits[s] === 0) continue;
    mean.fill(0);
    for (let row = s * nActions; row < (s + 1) * nActions; row++) {
      addScaled(mean, 0, choices[row]!, centred, next[row]! * n, n);
      arrivals[next[row]!]! += visits[s]! * choices[row]!;
    }
    addSquare(information, -visits[s]!, mean);
  }
  for (let s = 0; s < nStates; s++) {
    if (arrivals[s] !== 0) {
      addSquare(information, arrivals[s]!, centred.subarray(s * n, (s + 1) * n));
    }
  }
}

/**
 * {@link addSpread} for few states. With p_a the distribution of where action a leads and p that of where the policy
 * does, G(s, a) = γ Φᵀ p_a but for what all actions have in common, so that the sum is Φᵀ A Φ with
 *
 *   A = γ² Σ_s visits(s) (Σ_a π(a | s) p_a p_aᵀ − p pᵀ)
 *
 * whose entries are the few pairs of states that one state leads to, and whose rows sum to zero: where the features
 * expected have their origin does not matter, and they are taken about their mean, for less rounding.
 */
function addFewSpread(
  mdp: Mdp,
  choices: Float64Array,
  later: Float64Array,
  visits: Float64Array,
  information: Float64Array,
): void {
  const { nStates } = mdp;
  const n = later.length / nStates;
  const pairs = spreadOfArrivals(mdp, choices, visits);
  const centred = later.slice();
  const row = new Float64Array(n);
  for (let s = 0; s < nStates; s++) addScaled(row, 0, 1 / nStates, later, s * n, n);
  for (let s = 0; s < nStates; s++) addScaled(centred, s * n, -1, row, 0, n);
  for (let s = 0; s < nStates; s++) {
    row.fill(0);
    for (let to = 0; to < nStates; to++) {
      const pair = pairs[s * nStates + to]!;
      if (pair !== 0) addScaled(row, 0, pair, centred, to * n, n);
    }
    for (let j = 0; j < n; j++) addScaled(information, j * n, centred[s * n + j]!, row, 0, j + 1);
  }
}

/** A in {@link addFewSpread}, [s][s]. */
function spreadOfArrivals(
  { nStates, nActions, offsets, next, probability, terminal, discount }: Mdp,
  choices: Float64Array,
  visits: Float64Array,
): Float64Array {
  const pairs = new Float64Array(nStates * nStates);
  /** [s], zero except where the state in hand leads to, which `reached` lists. */
  const arriving = new Float64Array(nStates);
  const reached = new Int32Array(nStates);
  for (let s = 0; s < nStates; s++) {
    const weight = discount * discount * visits[s]!;
    if (weight === 0 || terminal[s]) continue;
    let count = 0;
    for (let row = s * nActions; row < (s + 1) * nActions; row++) {
      const share = choices[row]!;
      if (share === 0) continue;
      const end = offsets[row + 1]!;
      for (let i = offsets[row]!; i < end; i++) {
        const to = next[i]!;
        const mass = share * probability[i]!;
        if (arriving[to] === 0) reached[count++] = to;
        arriving[to]! += mass;
        for (let j = offsets[row]!; j < end; j++)
          pairs[to * nStates + next[j]!]! += weight * mass * probability[j]!;
      }
    }
    for (let i = 0; i < count; i++) {
      const mass = weight * arriving[reached[i]!]!;
      const row = reached[i]! * nStates;
      for (let j = 0; j < count; j++) pairs[row + reached[j]!]! -= mass * arriving[reached[j]!]!;
    }
    for (let i = 0; i < count; i++) arriving[reached[i]!] = 0;
  }
  return pairs;
}

/** Adds scale · v vᵀ to the lower triangle of a matrix [n][n]. */
function addSquare(matrix: Float64Array, scale: number, v: Float64Array): void {
  const n = v.length;
  for (let j = 0, at = 0; j < n; j++, at += n) {
    const own = scale * v[j]!;
    if (own !== 0) addScaled(matrix, at, own, v, 0, j + 1);
  }
}
