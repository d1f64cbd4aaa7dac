import { checkReward, type Mdp } from "./mdp.ts";

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
  const shares = newShares(mdp);

  if (Number.isFinite(horizon)) {
    values.set(reward, horizon * nStates);
    const size = nStates * nActions;
    for (let t = horizon - 1; t >= 0; t--) {
      const later = values.subarray((t + 1) * nStates, (t + 2) * nStates);
      const now = values.subarray(t * nStates, (t + 1) * nStates);
      take(shares, later, discount);
      sweep(mdp, reward, shares, later, now, null, policy.subarray(t * size, (t + 1) * size));
    }
    return into;
  }

  if (!Number.isFinite(largest(values))) values.fill(0);
  take(shares, values, discount);
  const change = new Float64Array(nStates);
  const past = newPast(nStates);
  for (;;) {
    sweep(mdp, reward, shares, values, values, change, null);
    const most = largest(change);
    // A sweep contracts by at least γ, so this bounds the distance that is left. Below the second
    // bound, all that changes is rounding.
    if (
      (most * discount) / (1 - discount) <= tolerance ||
      most <= 4 * Number.EPSILON * largest(values)
    ) {
      sweep(mdp, reward, shares, values, values, change, policy);
      return into;
    }
    if (extrapolate(past, values, change)) take(shares, values, discount);
  }
}

/**
 * exp(γ V(s) − base), [s]: what an action adds to its state's sum if it leads to s for certain. As it
 * is the same wherever one comes from, it is computed once for all that lead there.
 */
interface Shares {
  /** Null where no state leaves nothing to chance. */
  readonly of: Float64Array | null;
  /** Nats. */
  base: number;
}

/** A sum of shares outside of these owes too much to what underflowed, or is near overflow. */
const leastSum = 1e-200;
const mostSum = 1e200;

function newShares({ nStates, nActions, offsets }: Mdp): Shares {
  let s = 0;
  while (s < nStates && offsets[(s + 1) * nActions]! - offsets[s * nActions]! !== nActions) s++;
  return { of: s < nStates ? new Float64Array(nStates) : null, base: 0 };
}

/** Computes all shares of these values [s], none of them above 1. */
function take(shares: Shares, values: Float64Array, discount: number): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let s = 0; s < values.length; s++) if (values[s]! > most) most = values[s]!;
  const base = discount * most;
  shares.base = base;
  const { of } = shares;
  if (of) for (let s = 0; s < of.length; s++) of[s] = Math.exp(discount * values[s]! - base);
}

/**
 * A soft Bellman backup of every state: writes V(s) to `now` [s] and π(a | s) to `policy` [s][a],
 * unless that is null. Where `now` is `later`, it goes against the order of visits, keeps the shares
 * up and writes how much each value changed to `change` [s], which is null otherwise.
 *
 * @param shares those of `later`
 */
function sweep(
  mdp: Mdp,
  reward: Float64Array,
  { of, base }: Shares,
  later: Float64Array,
  now: Float64Array,
  change: Float64Array | null,
  policy: Float64Array | null,
): void {
  const { nStates, nActions, offsets, next, probability, terminal, discount, order } = mdp;
  for (let i = nStates - 1; i >= 0; i--) {
    const s = change ? order[i]! : i;
    const row = s * nActions;
    let value = reward[s]!;
    if (terminal[s]) policy?.fill(1 / nActions, row, row + nActions);
    else {
      const begin = offsets[row]!;
      const end = offsets[row + nActions]!;
      let sum = 0;
      const certain = of !== null && end - begin === nActions;
      if (certain) for (let j = begin; j < end; j++) sum += of[next[j]!]!;
      else {
        for (let a = 0, j = begin; a < nActions; a++) {
          const rowEnd = offsets[row + a + 1]!;
          let expected = 0;
          for (; j < rowEnd; j++) expected += probability[j]! * later[next[j]!]!;
          const share = Math.exp(discount * expected - base);
          sum += share;
          if (policy) policy[row + a] = share;
        }
      }
      if (sum > leastSum && sum < mostSum) {
        value += base + Math.log(sum);
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
    let expected = 0;
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++)
      expected += probability[i]! * values[next[i]!]!;
    return discount * expected;
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

/** The largest of all magnitudes; NaN if there is one. */
function largest(values: Float64Array): number {
  let most = 0;
  for (let s = 0; s < values.length; s++) most = Math.max(most, Math.abs(values[s]!));
  return most;
}

/** The latest sweeps of an iteration towards a fixed point. */
interface Past {
  /** [depth][n]: what the sweeps came to. A ring: that of sweep i is row i mod depth. */
  readonly points: readonly Float64Array[];
  /** [depth][n] */
  readonly residuals: readonly Float64Array[];
  /** [depth][depth]: the residuals' inner products. */
  readonly inner: Float64Array;
  /** Sweeps that are remembered or were overwritten. */
  count: number;
  /** Euclidean norm of the smallest residual that was progress. */
  least: number;
  /** Sweeps since. */
  idle: number;
}

/** How many sweeps are combined. */
const depth = 6;
/** A residual this much smaller than any before it is progress, which plain sweeps make in the end. */
const progress = 0.9;
/** How many sweeps extrapolation may go on without any. */
const patience = 40;

function newPast(n: number): Past {
  const rows = () => Array.from({ length: depth }, () => new Float64Array(n));
  return {
    points: rows(),
    residuals: rows(),
    inner: new Float64Array(depth * depth),
    count: 0,
    least: Number.POSITIVE_INFINITY,
    idle: 0,
  };
}

/**
 * After every other sweep, puts in place of `point` [n] the affine combination of the latest points
 * whose combined residual is smallest (Anderson 1965; Pulay 1980; every other sweep after Banerjee,
 * Suryanarayana and Pask 2016). Sweeps alone come closer by no more than γ each where the reward
 * differs from place to place; so they do several times as fast. Where it ends is up to the sweeps,
 * which alone judge how close they are.
 *
 * Extrapolation that doubles the residual is undone, and one that makes no progress for long is left
 * off until plain sweeps have, so that this ends wherever plain sweeps do.
 *
 * @param residual [n], how far the sweep shows its point to be from the fixed point
 * @returns whether `point` was changed
 */
function extrapolate(past: Past, point: Float64Array, residual: Float64Array): boolean {
  const { points, residuals, inner } = past;
  const size = Math.sqrt(product(residual, residual));
  past.idle++;
  if (size <= progress * past.least) {
    past.least = size;
    if (past.idle > patience) past.count = 0;
    past.idle = 0;
  }
  if (past.idle > patience) return false;
  if (size > 2 * past.least && past.count > 0) {
    point.set(points[(past.count - 1) % depth]!);
    past.count = 0;
    return true;
  }

  const at = past.count++ % depth;
  points[at]!.set(point);
  residuals[at]!.set(residual);
  const n = Math.min(past.count, depth);
  for (let i = 0; i < n; i++) {
    const value = product(residuals[i]!, residual);
    inner[at * depth + i] = value;
    inner[i * depth + at] = value;
  }
  if (past.count % 2 === 1) return false;

  const share = leastCombination(inner, n);
  point.fill(0);
  for (let i = 0; i < n; i++) {
    const row = points[i]!;
    for (let j = 0; j < row.length; j++) point[j]! += share[i]! * row[j]!;
  }
  return true;
}

/**
 * The α that sum to one and minimise αᵀ G α, which are G⁻¹ 1 but for their scale.
 * @param inner G, [depth][depth], of which the first n rows and columns are used
 * @returns [n]
 */
function leastCombination(inner: Float64Array, n: number): Float64Array {
  const size = Float64Array.from({ length: n }, (_, i) => Math.sqrt(inner[i * depth + i]!));
  const smallest = Math.min(...size);
  // Residuals of length one, and a little more on the diagonal, keep what is nearly singular solvable.
  const g = Array.from({ length: n }, (_, i) =>
    Float64Array.from(
      { length: n },
      (_, j) => inner[i * depth + j]! / (size[i]! * size[j]!) + (i === j ? 1e-13 : 0),
    ),
  );
  const share = size.map((length) => smallest / length);
  for (let i = 0; i < n; i++) {
    for (let k = i + 1; k < n; k++) {
      const factor = g[k]![i]! / g[i]![i]!;
      for (let j = i; j < n; j++) g[k]![j]! -= factor * g[i]![j]!;
      share[k]! -= factor * share[i]!;
    }
  }
  let sum = 0;
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) share[i]! -= g[i]![j]! * share[j]!;
    share[i]! /= g[i]![i]!;
  }
  for (let i = 0; i < n; i++) {
    share[i]! /= size[i]!;
    sum += share[i]!;
  }
  return share.map((value) => value / sum);
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Expected visits that enter from outside: at time `at[i]`, `mass[i]` of them in state `state[i]`. */
export interface Inflow {
  /** In ascending order. An infinite horizon has no use for it. */
  readonly at: Int32Array;
  readonly state: Int32Array;
  /** Includes its time's discount. May be negative: visits taken away. */
  readonly mass: Float64Array;
}

/** The inflow that a start distribution [s] is. */
export function startInflow(start: Float64Array): Inflow {
  const state = Int32Array.from(start.keys()).filter((s) => start[s] !== 0);
  return {
    at: new Int32Array(state.length),
    state,
    mass: Float64Array.from(state, (s) => start[s]!),
  };
}

/**
 * Expected discounted number of visits to each state, Σ_t γ^t P(s_t = s), the start and the final
 * state counted: the forward pass of maximum entropy inverse reinforcement learning (Ziebart 2010,
 * algorithm 9.3). Undiscounted and without terminals they sum to horizon + 1; over an infinite
 * horizon without terminals, to 1 / (1 − γ).
 *
 * @param policy [t][s][a] over a finite horizon, [s][a] over an infinite one
 * @param start [s]
 * @param tolerance bound on the summed error of all visits; infinite horizon only
 * @returns [s]
 */
export function visitationFrequency(
  mdp: Mdp,
  policy: Float64Array,
  start: Float64Array = mdp.start,
  tolerance = 1e-9,
): Float64Array {
  return visitsFrom(mdp, policy, startInflow(start), tolerance);
}

/** {@link visitationFrequency} of any inflow; it is linear in the inflow. */
export function visitsFrom(
  mdp: Mdp,
  policy: Float64Array,
  inflow: Inflow,
  tolerance = 1e-9,
  visits: Float64Array = new Float64Array(mdp.nStates),
): Float64Array {
  const { nStates, nActions, horizon, order, discount } = mdp;
  visits.fill(0);

  if (Number.isFinite(horizon)) {
    let now = new Float64Array(nStates);
    let later = new Float64Array(nStates);
    let i = 0;
    for (let t = 0; t <= horizon; t++) {
      for (; i < inflow.at.length && inflow.at[i] === t; i++)
        now[inflow.state[i]!]! += inflow.mass[i]!;
      later.fill(0);
      for (let s = 0; s < nStates; s++) {
        const mass = now[s]!;
        if (mass === 0) continue;
        visits[s]! += mass;
        if (t < horizon) pass(mdp, policy, (t * nStates + s) * nActions, s, mass, later);
      }
      [now, later] = [later, now];
    }
    return visits;
  }

  // What has arrived in a state and has not been passed on. Each sweep passes on everything it
  // meets, along the way that the visits themselves take.
  const waiting = new Float64Array(nStates);
  const past = newPast(nStates);
  const arrive = () => {
    waiting.fill(0);
    for (let i = 0; i < inflow.state.length; i++) waiting[inflow.state[i]!]! += inflow.mass[i]!;
  };
  arrive();
  for (;;) {
    for (let i = 0; i < nStates; i++) {
      const s = order[i]!;
      const mass = waiting[s]!;
      if (mass === 0) continue;
      waiting[s] = 0;
      visits[s]! += mass;
      pass(mdp, policy, s * nActions, s, mass, waiting);
    }
    let left = 0;
    let total = 0;
    for (let s = 0; s < nStates; s++) {
      left += Math.abs(waiting[s]!);
      total += Math.abs(visits[s]!);
    }
    if (left / (1 - discount) <= tolerance || left <= Number.EPSILON * total) return visits;
    if (!extrapolate(past, visits, waiting)) continue;
    arrive();
    for (let s = 0; s < nStates; s++) {
      const mass = visits[s]!;
      if (mass === 0) continue;
      waiting[s]! -= mass;
      pass(mdp, policy, s * nActions, s, mass, waiting);
    }
  }
}

/** Adds to `into` what one step of the policy makes of `mass` visits to s: nothing, in a terminal. */
function pass(
  { nActions, offsets, next, probability, discount }: Mdp,
  policy: Float64Array,
  row: number,
  s: number,
  mass: number,
  into: Float64Array,
): void {
  let begin = offsets[s * nActions]!;
  for (let a = 0; a < nActions; a++) {
    const end = offsets[s * nActions + a + 1]!;
    const flow = discount * mass * policy[row + a]!;
    for (let i = begin; i < end; i++) into[next[i]!]! += flow * probability[i]!;
    begin = end;
  }
}
