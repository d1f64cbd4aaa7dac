import type { Chain } from "./chain.ts";
import { factorsOf, mostDense, solveForward } from "./dense.ts";
import { extrapolate, largest, newHistory, roundingIn } from "./fixedPoint.ts";
import type { Mdp } from "./mdp.ts";
import { addScaled } from "./rows.ts";

/**
 * The features [s][k] expected from each state on over an infinite horizon: the fixed point of {@link lookAhead}. Few
 * states are eliminated, many are swept against the order of visits.
 * @param tolerance bound on the error
 * @param expected where sweeps begin; overwritten
 */
export function expectedFeatures(
  mdp: Mdp,
  features: Float64Array,
  chain: Chain,
  tolerance: number,
  expected: Float64Array = features.slice(),
): Float64Array {
  const { nStates, discount, order } = mdp;
  if (nStates <= mostDense) {
    expected.set(features);
    solveForward(factorsOf(chain), expected, features.length / nStates);
    return expected;
  }
  const change = new Float64Array(expected.length);
  const history = newHistory(expected.length);
  for (;;) {
    sweep(features, chain, order, expected, change);
    const most = largest(change);
    if ((most * discount) / (1 - discount) <= tolerance) return expected;
    if (most <= roundingIn(mdp) * largest(expected)) return expected;
    extrapolate(history, expected, change);
  }
}

/** One sweep of {@link expectedFeatures}; writes how much each of them changed. */
function sweep(
  features: Float64Array,
  { offsets, next, flow, stays }: Chain,
  order: Int32Array,
  expected: Float64Array,
  change: Float64Array,
): void {
  const n = features.length / order.length;
  for (let i = order.length - 1; i >= 0; i--) {
    const s = order[i]!;
    for (let k = 0; k < n; k++) {
      let sum = features[s * n + k]!;
      for (let j = offsets[s]!; j < offsets[s + 1]!; j++)
        sum += flow[j]! * expected[next[j]! * n + k]!;
      const value = stays[s]! * sum;
      change[s * n + k] = value - expected[s * n + k]!;
      expected[s * n + k] = value;
    }
  }
}

/**
 * Writes the features [s][k] expected from now on to `now`, given those from one step later on.
 * @param choices [s][a]
 */
export function lookAhead(
  mdp: Mdp,
  features: Float64Array,
  choices: Float64Array,
  later: Float64Array,
  now: Float64Array,
): void {
  const { nStates, nActions, offsets, next, probability, discount } = mdp;
  const n = features.length / nStates;
  const sum = new Float64Array(n);
  for (let s = 0; s < nStates; s++) {
    for (let k = 0; k < n; k++) sum[k] = features[s * n + k]!;
    for (let a = 0; a < nActions; a++) {
      const row = s * nActions + a;
      const share = discount * choices[row]!;
      for (let j = offsets[row]!; j < offsets[row + 1]!; j++)
        addScaled(sum, 0, share * probability[j]!, later, next[j]! * n, n);
    }
    for (let k = 0; k < n; k++) now[s * n + k] = sum[k]!;
  }
}
