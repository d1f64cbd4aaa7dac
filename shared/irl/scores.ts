import type { Demonstration } from "./features.ts";
import { type MaxEntOptions, maxEnt } from "./maxent.ts";
import { index, type Mdp } from "./mdp.ts";
import { policyValue, valueIteration } from "./planning.ts";
import { type SoftSolution, softValueIteration } from "./soft.ts";

/** Probabilities that differ by less are equal, summed in another order. */
const rounding = 1e-12;

/**
 * Expected value difference (Levine, Popović and Koltun 2011, Nonlinear Inverse Reinforcement
 * Learning with Gaussian Processes, section 6): what is lost by acting on the recovered reward, in the
 * true one's unit. It is the value under the true reward, from `mdp.start`, of the best policy for the
 * true reward, less that of the best policy for the recovered one. At least 0; 0 means that the
 * recovered reward leads to the right actions, whatever its scale.
 *
 * @param truth [s]
 * @param reward [s]. Actions that are equally good for it are equally likely, so that a constant reward
 * scores as the uniform policy.
 * @param plan the best ways for a reward; those of all ways without it
 */
export function expectedValueDifference(
  mdp: Mdp,
  truth: Float64Array,
  reward: Float64Array,
  plan: (mdp: Mdp, reward: Float64Array) => SoftSolution = valueIteration,
): number {
  const best = policyValue(mdp, truth, plan(mdp, truth).policy);
  const ours = policyValue(mdp, truth, plan(mdp, reward).policy);
  // The solvers' errors may make a difference of 0 slightly negative.
  return Math.max(0, best - ours);
}

/** How likely the demonstrated actions are under a reward. */
export interface Likelihood {
  /** Mean log-probability of a step's action, nats. */
  readonly perStep: number;
  /** Steps that `perStep` is the mean of. */
  readonly steps: number;
  /** `perStep` of the uniform policy. */
  readonly chance: number;
}

/**
 * The mean log-likelihood of the demonstrations' actions under the soft policy for a reward.
 *
 * @param reward [s], nats a visit
 * @throws RangeError as {@link likelihoodOf} does
 */
export function logLikelihood(
  mdp: Mdp,
  reward: Float64Array,
  demonstrations: readonly Demonstration[],
): Likelihood {
  const { nStates, nActions, horizon } = mdp;
  const { policy } = softValueIteration(mdp, reward);
  return likelihoodOf(mdp, demonstrations, ({ t, state }) => {
    const row = ((Number.isFinite(horizon) ? t * nStates : 0) + state) * nActions;
    return policy.subarray(row, row + nActions);
  });
}

/** A step of a demonstration. */
export interface Step {
  /** Which demonstration it is a step of. */
  readonly demonstration: number;
  readonly t: number;
  readonly state: number;
  readonly action: number;
}

/**
 * The mean log-likelihood of the demonstrations' actions under anything that gives actions probabilities. Actions
 * with the same outcomes as the one taken are counted together with it, for `chance` too: no reward of
 * states can tell walking into a wall from staying. Every step counts alike, except those left out.
 *
 * @param probabilities [a] at a step
 * @throws RangeError where an action is missing or out of range, or where there is no step
 */
export function likelihoodOf(
  mdp: Mdp,
  demonstrations: readonly Demonstration[],
  probabilities: (step: Step) => Float64Array,
): Likelihood {
  const { nActions } = mdp;
  let sum = 0;
  let chance = 0;
  const steps = eachStep(mdp, demonstrations, (step) => {
    const given = probabilities(step);
    let probability = 0;
    let alike = 0;
    for (let b = 0; b < nActions; b++) {
      if (!sameOutcomes(mdp, step.state, step.action, b)) continue;
      probability += given[b]!;
      alike++;
    }
    sum += Math.log(probability);
    chance += Math.log(alike / nActions);
  });
  return { perStep: sum / steps, steps, chance: chance / steps };
}

/**
 * The share of steps, in [0, 1], whose action is a best one for a reward. Unlike the likelihood it does
 * not depend on the reward's scale.
 *
 * @param reward [s]
 * @throws RangeError as {@link logLikelihood} does
 */
export function bestActionShare(
  mdp: Mdp,
  reward: Float64Array,
  demonstrations: readonly Demonstration[],
): number {
  const { policy } = valueIteration(mdp, reward);
  const { nStates, nActions, horizon } = mdp;
  let best = 0;
  const steps = eachStep(mdp, demonstrations, ({ t, state, action }) => {
    const row = ((Number.isFinite(horizon) ? t * nStates : 0) + state) * nActions;
    if (policy[row + action]! > 0) best++;
  });
  return best / steps;
}

/**
 * Leave-one-out cross-validation by demonstration: each is scored by the reward inferred from all
 * others, and the steps of all are averaged. Unlike {@link logLikelihood} of the demonstrations that a
 * reward was inferred from, it shows overfitting.
 *
 * @param features [s][k]
 * @param options as for `maxEnt`
 * @throws RangeError where there are fewer than two demonstrations, as `maxEnt` does, and as
 * {@link logLikelihood} does for the steps of any demonstration
 */
export function heldOutLikelihood(
  mdp: Mdp,
  features: Float64Array,
  demonstrations: readonly Demonstration[],
  options: MaxEntOptions = {},
): Likelihood {
  if (demonstrations.length < 2) {
    throw new RangeError(`to hold one out takes two demonstrations, not ${demonstrations.length}`);
  }
  // One demonstration less changes the weights little: starting from the weights of all saves time.
  const { weights: start, inverse } = maxEnt(mdp, features, demonstrations, options);
  const scores = demonstrations.map((heldOut, n) => {
    const others = demonstrations.toSpliced(n, 1);
    const { reward } = maxEnt(mdp, features, others, { ...options, start, inverse });
    return logLikelihood(mdp, reward, [heldOut]);
  });
  return together(scores);
}

/** The likelihood of all steps of several. */
export function together(scores: readonly Likelihood[]): Likelihood {
  const steps = scores.reduce((sum, score) => sum + score.steps, 0);
  const mean = (of: (score: Likelihood) => number) =>
    scores.reduce((sum, score) => sum + of(score) * score.steps, 0) / steps;
  return { perStep: mean(({ perStep }) => perStep), steps, chance: mean(({ chance }) => chance) };
}

/** Visits every step that is not left out and counts them. */
function eachStep(
  { nStates, nActions, horizon }: Mdp,
  demonstrations: readonly Demonstration[],
  visit: (step: Step) => void,
): number {
  let steps = 0;
  demonstrations.forEach(({ states, actions, leftOut }, n) => {
    const length = states.length - 1;
    if (length > horizon)
      throw new RangeError(`demonstration ${n} has ${length} steps, more than ${horizon}`);
    if (actions?.length !== length)
      throw new RangeError(`demonstration ${n} needs an action for each of its ${length} steps`);
    for (let t = 0; t < length; t++) {
      if (leftOut?.[t]) continue;
      const s = index(states[t]!, nStates, () => `demonstration ${n}, time ${t}: state`);
      const a = index(actions[t]!, nActions, () => `demonstration ${n}, time ${t}: action`);
      visit({ demonstration: n, t, state: s, action: a });
      steps++;
    }
  });
  if (steps === 0) throw new RangeError("there is no step to score");
  return steps;
}

/** Whether actions a and b lead to the same states with the same probabilities. */
function sameOutcomes(
  { nActions, offsets, next, probability }: Mdp,
  s: number,
  a: number,
  b: number,
): boolean {
  const [first, second] = [s * nActions + a, s * nActions + b];
  const length = offsets[first + 1]! - offsets[first]!;
  if (length !== offsets[second + 1]! - offsets[second]!) return false;
  const others = next.subarray(offsets[second]!, offsets[second + 1]!);
  for (let i = offsets[first]!; i < offsets[first + 1]!; i++) {
    const j = others.indexOf(next[i]!);
    if (j < 0) return false;
    if (Math.abs(probability[i]! - probability[offsets[second]! + j]!) > rounding) return false;
  }
  return true;
}
