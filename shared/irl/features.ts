import { index, type Mdp } from "./mdp.ts";
import { addScaled, addScattered } from "./rows.ts";
import { type Inflow, startInflow } from "./visitation.ts";

/** The states and actions of an expert's episode in an MDP. */
export interface Demonstration {
  /** [T + 1] indices, the final state included. */
  readonly states: ArrayLike<number>;
  /** [T] indices. Needed only where outcomes are read as "expected". */
  readonly actions?: ArrayLike<number>;
  /** [T], 1 for each step that is no evidence and is left out; the step from time t has index t. */
  readonly leftOut?: ArrayLike<number>;
}

/**
 * Discounted feature expectations, the mean over demonstrations of Σ_t γ^t φ(s_t) with the final
 * state counted (Abbeel and Ng 2004, section 3). They are sums over an episode, like the visitation
 * frequency that they are compared with, never averages over its states. Unlike {@link evidenceOf}, it
 * does not ask whether an episode was complete.
 *
 * @param features [s][k]
 * @param demonstrations sequences of state indices
 * @returns [k]
 */
export function featureExpectations(
  features: Float64Array,
  nFeatures: number,
  demonstrations: readonly ArrayLike<number>[],
  discount: number,
): Float64Array {
  const expectations = new Float64Array(nFeatures);
  for (const states of demonstrations) {
    let weight = 1 / demonstrations.length;
    for (let t = 0; t < states.length; t++, weight *= discount) {
      const row = states[t]! * nFeatures;
      for (let k = 0; k < nFeatures; k++) expectations[k]! += weight * features[row + k]!;
    }
  }
  return expectations;
}

/** The sum of features over visits [s]: Σ_s visits(s) φ(s), [k]. */
export function featuresOf(
  features: Float64Array,
  nFeatures: number,
  visits: Float64Array,
): Float64Array {
  const sum = new Float64Array(nFeatures);
  for (let s = 0; s < visits.length; s++) {
    const weight = visits[s]!;
    if (weight !== 0) addScaled(sum, 0, weight, features, s * nFeatures, nFeatures);
  }
  return sum;
}

/** Linear reward r(s) = w · φ(s), [s]. */
export function linearReward(
  features: Float64Array,
  weights: Float64Array,
  reward: Float64Array = new Float64Array(features.length / weights.length),
): Float64Array {
  const nFeatures = weights.length;
  for (let s = 0; s < reward.length; s++) {
    let sum = 0;
    for (let k = 0; k < nFeatures; k++) sum += weights[k]! * features[s * nFeatures + k]!;
    reward[s] = sum;
  }
  return reward;
}

/**
 * The sufficient statistics of demonstrations: the mean of their log-likelihoods is
 * w · features − Σ_i mass_i V_w(state_i).
 */
export interface Evidence {
  /** [k], per demonstration. */
  readonly features: Float64Array;
  readonly inflow: Inflow;
  /** [s], the distribution of the demonstrations' first states; sums to one. */
  readonly start: Float64Array;
  /** [s], how much the actions that were chosen in each state weigh; unknown where the evidence is from elsewhere. */
  readonly decisions?: Float64Array;
}

/** How demonstrations are read. */
export interface EvidenceOptions {
  /**
   * The outcome of an action that counts: the state that did follow ("observed"), or what the model
   * expects to follow ("expected"). With "observed", the dual of Ziebart's feature matching is
   * maximised, which takes lucky outcomes for intended ones; where the model is right, that averages
   * out. With "expected", the log-likelihood of the actions is, which must be known; errors of the
   * model are then not blamed on the reward. In a deterministic world the two are the same.
   */
  readonly outcomes?: "observed" | "expected";
  /**
   * Gives every step the weight 1, instead of γ^t to the step at time t. Over an infinite horizon the
   * policy is the same at all times, so the rest of a demonstration from any state on is itself a
   * demonstration; with weight 1 for the whole and 1 − γ for each later part, every step counts once.
   * Otherwise only the first 1 / (1 − γ) steps of a long episode would count.
   */
  readonly evenly?: boolean;
}

/**
 * The evidence that demonstrations give about the reward. A step from s_t to s_{t+1} contributes
 *
 *   γ^t (r(s_t) + γ V_{t+1}(s_{t+1}) − V_t(s_t))
 *
 * which is the log-likelihood of the action, but for the chance in its outcome. Over a complete episode,
 * one that ended at a terminal or at the horizon, the values between cancel and w · f − V_0(s_0)
 * remains: the feature expectations of the demonstration, and its start.
 *
 * An episode that was cut short is not taken for one that the expert chose to end: its last value
 * remains, which stands for what would have followed, so that no state looks bad for being the last.
 * The same holds where a step is left out and the episode goes on after it. So an episode's length is
 * evidence only where the expert could choose it, by reaching a terminal; `absorbing` removes that too.
 *
 * @param features [s][k]
 * @throws RangeError where a demonstration is empty, too long, has an index out of range or goes on
 * after a terminal
 */
export function evidenceOf(
  mdp: Mdp,
  features: Float64Array,
  nFeatures: number,
  demonstrations: readonly Demonstration[],
  { outcomes = "observed", evenly = false }: EvidenceOptions = {},
): Evidence {
  const { nStates, nActions, offsets, next, probability, terminal, discount, horizon } = mdp;
  const endless = !Number.isFinite(horizon);
  if (demonstrations.length === 0) throw new RangeError("there is no demonstration");
  if (evenly && !endless) throw new RangeError("steps count evenly only over an infinite horizon");
  const start = new Float64Array(nStates);
  const counts = new Float64Array(nStates);
  const decisions = new Float64Array(nStates);
  // Over an infinite horizon all is at time 0; over a finite one: time → state → mass.
  const masses = new Float64Array(endless ? nStates : 0);
  const byTime: Map<number, number>[] = [];
  const add = (t: number, s: number, mass: number) => {
    if (endless) masses[s]! += mass;
    else {
      while (byTime.length <= t) byTime.push(new Map());
      byTime[t]!.set(s, (byTime[t]!.get(s) ?? 0) + mass);
    }
  };

  demonstrations.forEach(({ states, actions, leftOut }, n) => {
    const last = states.length - 1;
    if (last < 0) throw new RangeError(`demonstration ${n} is empty`);
    if (last > horizon)
      throw new RangeError(`demonstration ${n} has ${last} steps, more than ${horizon}`);
    if (outcomes === "expected" && actions?.length !== last) {
      throw new RangeError(`demonstration ${n} needs an action for each of its ${last} steps`);
    }
    let weight = 1 / demonstrations.length;
    for (let t = 0; t <= last; t++) {
      const s = index(states[t]!, nStates, () => `demonstration ${n}, time ${t}: state`);
      if (t === 0) start[s]! += weight;
      if (terminal[s] && t < last)
        throw new RangeError(`demonstration ${n} goes on after its terminal, time ${t}`);
      const later = discount * weight;
      const complete = t === last && (terminal[s] === 1 || t === horizon);
      if (complete || (t < last && !leftOut?.[t])) {
        counts[s]! += weight;
        if (t < last) decisions[s]! += weight;
        add(t, s, weight);
        if (t < last && outcomes === "observed") {
          add(
            t + 1,
            index(states[t + 1]!, nStates, () => `demonstration ${n}, time ${t + 1}: state`),
            -later,
          );
        } else if (t < last) {
          const row =
            s * nActions +
            index(actions![t]!, nActions, () => `demonstration ${n}, time ${t}: action`);
          const [begin, end] = [offsets[row]!, offsets[row + 1]!];
          if (endless) addScattered(masses, 0, -later, probability, next, begin, end);
          else for (let i = begin; i < end; i++) add(t + 1, next[i]!, -later * probability[i]!);
        }
      }
      if (!evenly) weight = later;
    }
  });

  return {
    features: featuresOf(features, nFeatures, counts),
    inflow: endless ? startInflow(masses) : inflowOf(byTime),
    start,
    decisions,
  };
}

/** @param byTime mass by state, at each time */
function inflowOf(byTime: readonly ReadonlyMap<number, number>[]): Inflow {
  const entries = byTime
    .flatMap((masses, at) => [...masses].map(([state, mass]) => ({ at, state, mass })))
    .filter(({ mass }) => mass !== 0);
  return {
    at: Int32Array.from(entries, ({ at }) => at),
    state: Int32Array.from(entries, ({ state }) => state),
    mass: Float64Array.from(entries, ({ mass }) => mass),
  };
}
