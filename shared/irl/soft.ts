import { chainOf } from "./chain.ts";
import { factorsOf, mostDense, solveForward } from "./dense.ts";
import { extrapolate, largest, newHistory, roundingIn } from "./fixedPoint.ts";
import { checkReward, type Mdp } from "./mdp.ts";
import { gathered } from "./rows.ts";

/** What soft value iteration finds. */
export interface SoftSolution {
  /**
   * Nats. Finite horizon T: [t][s], t from 0 to T, where `values[t][s]` counts from time t on without
   * the factor discount^t. Infinite horizon: [s].
   */
  readonly values: Float64Array;
  /**
   * Probability of each action; rows sum to one. Finite horizon T: [t][s][a], t from 0 to T - 1.
   * Infinite horizon: [s][a]. A terminal's rows are uniform and mean nothing.
   */
  readonly policy: Float64Array;
}

/** An empty solution of the right shape, whose values are 0. */
export function softSolution({ nStates, nActions, horizon }: Mdp): SoftSolution {
  const times = Number.isFinite(horizon) ? horizon : 1;
  return {
    values: new Float64Array((Number.isFinite(horizon) ? times + 1 : 1) * nStates),
    policy: new Float64Array(times * nStates * nActions),
  };
}

/**
 * Soft value iteration: the policy of most causal entropy plus reward (Ziebart 2010, Modeling
 * Purposeful Adaptive Behavior with the Principle of Maximum Causal Entropy, algorithm 9.1).
 *
 *   Q_t(s, a) = r(s) + γ Σ_s' P(s' | s, a) V_{t+1}(s')
 *   V_t(s) = log Σ_a exp Q_t(s, a),  π_t(a | s) = exp(Q_t(s, a) − V_t(s))
 *
 * with V_T(s) = r(s), and V_t(s) = r(s) for terminals. A finite horizon is solved backward and
 * exactly. An infinite one is iterated, each state at once using its successors' new values
 * (Gauss–Seidel), until all values are within `tolerance` of the fixed point.
 *
 * @param reward [s], nats; any sign
 * @param tolerance bound on the error of the values in the sup norm; infinite horizon only
 * @param into where to write; over an infinite horizon, its values are where the iteration starts
 * @throws RangeError where the reward has the wrong length or is not finite
 */
export function softValueIteration(
  mdp: Mdp,
  reward: Float64Array,
  tolerance = 1e-9,
  into: SoftSolution = softSolution(mdp),
): SoftSolution {
  const { nStates, nActions, horizon, discount } = mdp;
  checkReward(mdp, reward);
  const { values, policy } = into;
  const expValues = newExpValues(mdp);

  if (Number.isFinite(horizon)) {
    values.set(reward, horizon * nStates);
    const size = nStates * nActions;
    for (let t = horizon - 1; t >= 0; t--) {
      const later = values.subarray((t + 1) * nStates, (t + 2) * nStates);
      const now = values.subarray(t * nStates, (t + 1) * nStates);
      computeExpValues(expValues, later, discount);
      sweep(mdp, reward, expValues, later, now, null, policy.subarray(t * size, (t + 1) * size));
    }
    return into;
  }

  if (!Number.isFinite(largest(values))) values.fill(0);
  if (nStates <= mostDense) return iteratePolicies(mdp, reward, tolerance, expValues, into);
  computeExpValues(expValues, values, discount);
  const change = new Float64Array(nStates);
  const history = newHistory(nStates);
  for (;;) {
    sweep(mdp, reward, expValues, values, values, change, policy);
    const most = largest(change);
    // A sweep contracts by at least γ, so this bounds the distance that is left. Below the second
    // bound, all that changes is rounding.
    if (
      (most * discount) / (1 - discount) <= tolerance ||
      most <= roundingIn(mdp) * largest(values)
    )
      return into;
    if (extrapolate(history, values, change)) computeExpValues(expValues, values, discount);
  }
}

/**
 * Soft policy iteration, for few states: Newton's method for the fixed point, whose steps evaluate the soft policy for
 * the last values (Puterman and Brumelle 1979). A handful of steps do, from wherever they start.
 */
function iteratePolicies(
  mdp: Mdp,
  reward: Float64Array,
  tolerance: number,
  expValues: ExpValues,
  into: SoftSolution,
): SoftSolution {
  const { discount } = mdp;
  const { values, policy } = into;
  const backedUp = new Float64Array(values.length);
  for (;;) {
    computeExpValues(expValues, values, discount);
    sweep(mdp, reward, expValues, values, backedUp, null, policy);
    let most = 0;
    for (let s = 0; s < values.length; s++) {
      backedUp[s]! -= values[s]!;
      most = Math.max(most, Math.abs(backedUp[s]!));
    }
    // The same bounds as for sweeps.
    if (
      (most * discount) / (1 - discount) <= tolerance ||
      most <= roundingIn(mdp) * largest(values)
    ) {
      for (let s = 0; s < values.length; s++) values[s]! += backedUp[s]!;
      return into;
    }
    solveForward(factorsOf(chainOf(mdp, policy)), backedUp, 1);
    for (let s = 0; s < values.length; s++) values[s]! += backedUp[s]!;
  }
}

/**
 * exp(γ V(s) − base), [s]: the term of an action that leads to s with probability 1. It does not depend
 * on the state before, so it is computed once for all actions that lead to s.
 */
interface ExpValues {
  /** Null where no state has only deterministic actions. */
  readonly of: Float64Array | null;
  /** Nats. */
  base: number;
}

/** A sum outside of these bounds lost too much to underflow, or is near overflow. */
const leastSum = 1e-200;
const mostSum = 1e200;

function newExpValues({ nStates, nActions, offsets }: Mdp): ExpValues {
  let s = 0;
  while (s < nStates && offsets[(s + 1) * nActions]! - offsets[s * nActions]! !== nActions) s++;
  return { of: s < nStates ? new Float64Array(nStates) : null, base: 0 };
}

/** Computes the terms for these values [s]; none is above 1. */
function computeExpValues(expValues: ExpValues, values: Float64Array, discount: number): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let s = 0; s < values.length; s++) if (values[s]! > most) most = values[s]!;
  const base = discount * most;
  expValues.base = base;
  const { of } = expValues;
  if (of) for (let s = 0; s < of.length; s++) of[s] = Math.exp(discount * values[s]! - base);
}

/**
 * A soft Bellman backup of every state: writes V(s) to `now` [s] and π(a | s) to `policy` [s][a],
 * unless that is null. Where `now` is `later`, it goes against the order of visits, keeps the terms
 * up to date and writes how much each value changed to `change` [s], which is null otherwise.
 *
 * @param expValues those of `later`
 */
function sweep(
  mdp: Mdp,
  reward: Float64Array,
  { of, base }: ExpValues,
  later: Float64Array,
  now: Float64Array,
  change: Float64Array | null,
  policy: Float64Array | null,
): void {
  const { nStates, nActions, offsets, next, probability, terminal, discount, order } = mdp;
  const staying = change && mdp.staying;
  for (let i = nStates - 1; i >= 0; i--) {
    const s = change ? order[i]! : i;
    const row = s * nActions;
    let value = reward[s]!;
    if (terminal[s]) policy?.fill(1 / nActions, row, row + nActions);
    else {
      const begin = offsets[row]!;
      const end = offsets[row + nActions]!;
      let sum = 0;
      /** Σ_a exp Q(s, a) P(s | s, a), to the same base as `sum`. */
      let stays = 0;
      const certain = of !== null && end - begin === nActions;
      if (certain) for (let j = begin; j < end; j++) sum += of[next[j]!]!;
      else {
        for (let a = 0, j = begin; a < nActions; a++) {
          const rowEnd = offsets[row + a + 1]!;
          const expected = gathered(later, probability, next, j, rowEnd);
          j = rowEnd;
          const share = Math.exp(discount * expected - base);
          sum += share;
          if (staying) stays += share * staying[row + a]!;
          if (policy) policy[row + a] = share;
        }
      }
      if (sum > leastSum && sum < mostSum) {
        value += base + Math.log(sum);
        // Newton's step for the state's own equation: staying takes no sweeps of its own.
        if (stays > 0) value = now[s]! + (value - now[s]!) / (1 - (discount * stays) / sum);
        if (policy) {
          const scale = 1 / sum;
          for (let a = 0; a < nActions; a++)
            policy[row + a] = scale * (certain ? of[next[begin + a]!]! : policy[row + a]!);
        }
      } else value += logSumExp(mdp, later, s, policy);
    }
    if (change) {
      change[s] = value - now[s]!;
      if (of) of[s] = Math.exp(discount * value - base);
    }
    now[s] = value;
  }
}

/**
 * log Σ_a exp(γ Σ_s' P(s' | s, a) V(s')) of state s, however large or small its terms are. Writes
 * π(a | s) to `policy` [s][a], unless that is null.
 */
function logSumExp(
  { nActions, offsets, next, probability, discount }: Mdp,
  values: Float64Array,
  s: number,
  policy: Float64Array | null,
): number {
  const q = (a: number) => {
    const row = s * nActions + a;
    return discount * gathered(values, probability, next, offsets[row]!, offsets[row + 1]!);
  };
  let most = Number.NEGATIVE_INFINITY;
  for (let a = 0; a < nActions; a++) most = Math.max(most, q(a));
  // Less the largest, every exponential is in [0, 1] and their sum in [1, nActions].
  let sum = 0;
  for (let a = 0; a < nActions; a++) sum += Math.exp(q(a) - most);
  const row = s * nActions;
  if (policy) for (let a = 0; a < nActions; a++) policy[row + a] = Math.exp(q(a) - most) / sum;
  return most + Math.log(sum);
}
