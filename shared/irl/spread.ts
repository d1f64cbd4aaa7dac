import { mostDense } from "./dense.ts";
import type { Mdp } from "./mdp.ts";
import { addScaled } from "./rows.ts";

/** Cov_a G(s, a) of each state, [s][k][k]. */
export function spreads(
  mdp: Mdp,
  choices: Float64Array,
  later: Float64Array,
  n: number,
): Float64Array {
  const all = new Float64Array(mdp.nStates * n * n);
  const room = roomFor(mdp.nActions, n);
  for (let s = 0; s < mdp.nStates; s++) {
    const own = all.subarray(s * n * n, (s + 1) * n * n);
    addStateSpread(mdp, choices, later, 1, s, room, own);
    for (let j = 0; j < n; j++) for (let k = 0; k < j; k++) own[k * n + j] = own[j * n + k]!;
  }
  return all;
}

/**
 * Adds Σ_s visits(s) Cov_a G(s, a), with G as in `informationOf`, to the lower triangle of `information`.
 * @param choices [s][a]
 * @param later [s][k], the features expected from one step later on
 * @param visits [s]
 */
export function addSpread(
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
  { nStates, nActions, offsets, next, probability, discount, links }: Mdp,
  choices: Float64Array,
  visits: Float64Array,
): Float64Array {
  const pairs = new Float64Array(nStates * nStates);
  /** [s], where one action leads, and where all of them do. */
  const ahead = new Float64Array(nStates);
  const arriving = new Float64Array(nStates);
  for (let s = 0; s < nStates; s++) {
    const weight = discount * discount * visits[s]!;
    if (weight === 0) continue;
    arriving.fill(0);
    for (let row = s * nActions; row < (s + 1) * nActions; row++) {
      const [begin, end] = [offsets[row]!, offsets[row + 1]!];
      ahead.fill(0);
      for (let i = begin; i < end; i++) ahead[next[i]!] = probability[i]!;
      addScaled(arriving, 0, choices[row]!, ahead, 0, nStates);
      const mass = weight * choices[row]!;
      for (let i = begin; i < end; i++)
        addScaled(pairs, next[i]! * nStates, mass * probability[i]!, ahead, 0, nStates);
    }
    for (let i = links.offsets[s]!; i < links.offsets[s + 1]!; i++) {
      const to = links.next[i]!;
      addScaled(pairs, to * nStates, -weight * arriving[to]!, arriving, 0, nStates);
    }
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
