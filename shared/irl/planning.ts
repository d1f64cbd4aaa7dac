import { extrapolate, largest, newHistory, roundingIn } from "./fixedPoint.ts";
import { checkReward, type Mdp } from "./mdp.ts";
import { type SoftSolution, softSolution } from "./soft.ts";
import { visitationFrequency } from "./visitation.ts";

/** Actions count as equally good up to this share of the largest value's magnitude. */
const tieShare = 1e-9;
/** Following the best actions ends once the change is this share of the last comparing sweep's. */
const followReduction = 0.01;
/** Most sweeps that follow the best actions between two that compare all actions. */
const mostFollowingSweeps = 60;
/** After this many comparing sweeps all sweeps compare, which is certain to converge. */
const patience = 100;

/**
 * Value iteration with the hard maximum (Bellman 1957; Puterman 1994, sections 4.5 and 6.3): what an
 * expert who makes no mistakes does.
 *
 *   Q_t(s, a) = r(s) + γ Σ_s' P(s' | s, a) V_{t+1}(s'),  V_t(s) = max_a Q_t(s, a)
 *
 * with V_T(s) = r(s), or what `last` says, and V_t(s) = r(s) for terminals. All best actions are equally likely, whatever
 * their order. Shapes and conventions are those of
 * `softValueIteration`, values in the reward's unit. A finite horizon is solved backward, an infinite
 * one iterated in place until all values are within `tolerance` of the fixed point. Between two sweeps that
 * compare all actions, cheaper sweeps follow the best ones only (modified policy iteration, Puterman and
 * Shin 1978); they are linear, which is where extrapolation works best.
 *
 * @param reward [s]; any sign
 * @param tolerance bound on the error of the values in the sup norm; infinite horizon only
 * @param into where to write; over an infinite horizon, its policy is followed first, and its values are
 * where that starts
 * @param last [s], V_T; finite horizon only
 * @throws RangeError where the reward has the wrong length or is not finite
 */
export function valueIteration(
  mdp: Mdp,
  reward: Float64Array,
  tolerance = 1e-9,
  into?: SoftSolution,
  last = reward,
): SoftSolution {
  const { nStates, nActions, horizon, discount } = mdp;
  checkReward(mdp, reward);
  const solution = into ?? softSolution(mdp);
  const { values, policy } = solution;

  if (Number.isFinite(horizon)) {
    values.set(last, horizon * nStates);
    const size = nStates * nActions;
    for (let t = horizon - 1; t >= 0; t--) {
      const later = values.subarray((t + 1) * nStates, (t + 2) * nStates);
      const now = values.subarray(t * nStates, (t + 1) * nStates);
      const choices = policy.subarray(t * size, (t + 1) * size);
      sweep(mdp, reward, later, now, choices, null);
      spreadOverBest(choices, nActions, tieShare * largest(now));
    }
    return solution;
  }

  const best = new Int32Array(nStates);
  if (into) {
    const firstOf = (s: number) => {
      let row = s * nActions;
      while (row < (s + 1) * nActions - 1 && !(policy[row]! > 0)) row++;
      return row;
    };
    for (let s = 0; s < nStates; s++) best[s] = firstOf(s);
    followBest(mdp, reward, best, values, followReduction * largest(reward));
  }
  for (let comparisons = 1; ; comparisons++) {
    const change = sweep(mdp, reward, values, values, policy, best);
    const size = largest(values);
    // As for soft value iteration: a sweep contracts by at least γ, or all that changes is rounding.
    const near = (change * discount) / (1 - discount) <= tolerance;
    if (!near && change > roundingIn(mdp) * size) {
      if (comparisons <= patience) {
        const needed = (tolerance * (1 - discount)) / discount;
        followBest(mdp, reward, best, values, Math.max(followReduction * change, needed));
      }
      continue;
    }
    // A sweep in place mixes old and new values of the successors; the policy returned has to be greedy
    // for the values returned.
    sweep(mdp, reward, values, values.slice(), policy, null);
    spreadOverBest(policy, nActions, tieShare * size + 2 * tolerance);
    return solution;
  }
}

/**
 * The expected discounted return from `mdp.start`, in the reward's unit.
 * @param reward [s]
 * @param policy [t][s][a] over a finite horizon, [s][a] over an infinite one
 */
export function policyValue(mdp: Mdp, reward: Float64Array, policy: Float64Array): number {
  const visits = visitationFrequency(mdp, policy);
  let sum = 0;
  for (let s = 0; s < visits.length; s++) sum += visits[s]! * reward[s]!;
  return sum;
}

/**
 * A Bellman backup of every state, against the order of visits: writes V(s) to `now` [s], γ E[V(s')] to
 * `choices` [s][a] and, where `now` is `later`, the row s · nActions + a of the best action to `rows` [s],
 * which is null otherwise. In place, the value of an action that may stay is what staying with it comes to. Returns the largest change of a value.
 */
function sweep(
  mdp: Mdp,
  reward: Float64Array,
  later: Float64Array,
  now: Float64Array,
  choices: Float64Array,
  rows: Int32Array | null,
): number {
  const { nStates, nActions, offsets, next, probability, terminal, discount, order } = mdp;
  const staying = rows && mdp.staying;
  let change = 0;
  for (let i = nStates - 1; i >= 0; i--) {
    const s = order[i]!;
    let best = terminal[s] ? reward[s]! : Number.NEGATIVE_INFINITY;
    for (let row = s * nActions; row < (s + 1) * nActions; row++) {
      let expected = 0;
      for (let j = offsets[row]!; j < offsets[row + 1]!; j++)
        expected += probability[j]! * later[next[j]!]!;
      choices[row] = discount * expected;
      let value = reward[s]! + choices[row]!;
      if (staying && staying[row] !== 0) value = settled(value, now[s]!, discount * staying[row]!);
      if (value > best) {
        best = value;
        if (rows) rows[s] = row;
      }
    }
    change = Math.max(change, Math.abs(best - now[s]!));
    now[s] = best;
  }
  return change;
}

/**
 * Evaluates the policy that takes the actions in `rows` [s]: backs up every state's value in `values` [s],
 * in place, until none changes by more than `enough`, or for the most sweeps allowed.
 */
function followBest(
  { nStates, offsets, next, probability, terminal, discount, order, staying }: Mdp,
  reward: Float64Array,
  rows: Int32Array,
  values: Float64Array,
  enough: number,
): void {
  const change = new Float64Array(nStates);
  const history = newHistory(nStates);
  for (let sweeps = 1; ; sweeps++) {
    for (let i = nStates - 1; i >= 0; i--) {
      const s = order[i]!;
      const row = rows[s]!;
      let expected = 0;
      if (!terminal[s])
        for (let j = offsets[row]!; j < offsets[row + 1]!; j++)
          expected += probability[j]! * values[next[j]!]!;
      let value = reward[s]! + discount * expected;
      if (staying && !terminal[s]) value = settled(value, values[s]!, discount * staying[row]!);
      change[s] = value - values[s]!;
      values[s] = value;
    }
    if (largest(change) <= enough || sweeps === mostFollowingSweeps) return;
    extrapolate(history, values, change);
  }
}

/**
 * The value that a state's own equation has, where a share of what follows is that value itself.
 * @param value its right-hand side at the state's value `old`
 */
const settled = (value: number, old: number, share: number) => old + (value - old) / (1 - share);

/** Turns action values [s][a] into a policy, in place: even over the actions within `slack` of the best. */
function spreadOverBest(choices: Float64Array, nActions: number, slack: number): void {
  for (let row = 0; row < choices.length; row += nActions) {
    let best = Number.NEGATIVE_INFINITY;
    for (let a = 0; a < nActions; a++) best = Math.max(best, choices[row + a]!);
    let ties = 0;
    for (let a = 0; a < nActions; a++) if (choices[row + a]! >= best - slack) ties++;
    for (let a = 0; a < nActions; a++)
      choices[row + a] = choices[row + a]! >= best - slack ? 1 / ties : 0;
  }
}
