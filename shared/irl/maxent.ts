import { type Chain, chainOf } from "./chain.ts";
import { composed, eigen } from "./eigen.ts";
import {
  type Demonstration,
  type Evidence,
  type EvidenceOptions,
  evidenceOf,
  featuresOf,
  linearReward,
} from "./features.ts";
import { informationUnder, type Known } from "./information.ts";
import { inverseOf } from "./inverse.ts";
import type { Mdp } from "./mdp.ts";
import { minimise, type StoppingRule } from "./minimise.ts";
import { softSolution, softValueIteration } from "./soft.ts";
import { startInflow, visitsFrom } from "./visitation.ts";

export interface MaxEntOptions extends Partial<StoppingRule>, EvidenceOptions {
  /**
   * What is subtracted from the mean log-likelihood of a demonstration is l2 / 2 · |w|². By default
   * that of the prior. It keeps weights finite where the demonstrations are perfect, and counts for less
   * the more of them there are.
   */
  readonly l2?: number;
  /**
   * Standard deviation of the normal prior of each weight, by default 1: before any evidence, a feature
   * of 1 is worth about so many nats a visit. Its l2 is 1 / (deviation² · number of demonstrations).
   */
  readonly deviation?: number;
  /** [k], weights to begin from. By default 0. */
  readonly start?: Float64Array;
  /**
   * [k][k], an estimate of the objective's inverse Hessian at `start`, symmetric and positive definite:
   * `inverse` of an earlier solve, or n times the covariance of the weights, for n demonstrations. The
   * method is then BFGS. Without it `start` alone saves BFGS little, as its first step has no scale.
   * With both from before a demonstration's latest step, a few evaluations are enough.
   */
  readonly inverse?: Float64Array;
}

export interface MaxEnt {
  /** [k] */
  readonly weights: Float64Array;
  /** [s], nats a visit. */
  readonly reward: Float64Array;
  /** The soft policy for this reward, [t][s][a] over a finite horizon, [s][a] over an infinite one. */
  readonly policy: Float64Array;
  /** [s], discounted visits that the policy for this reward makes from the demonstrations' starts. */
  readonly visitation: Float64Array;
  /**
   * Euclidean norm of the objective's gradient, which for complete demonstrations is their feature
   * expectations minus those of `visitation` minus l2 w.
   */
  readonly gradientNorm: number;
  readonly iterations: number;
  /** Of the objective and its gradient, a backward and a forward pass each; Hessians are not counted. */
  readonly evaluations: number;
  /**
   * [k][k], an estimate of the inverse Hessian, positive definite, for a solve that begins here: what
   * BFGS' steps have taught of it, or what it was where Newton's last step began. Before any step,
   * the one given, or the identity.
   */
  readonly inverse: Float64Array;
  /** What the solve came to know of the policy besides, for `certaintyOf`; over a finite horizon nothing. */
  readonly known: Partial<Known>;
}

/**
 * Maximum causal entropy inverse reinforcement learning (Ziebart 2010; Ziebart, Bagnell and Dey
 * 2013): the weights w of r(s) = w · φ(s) that maximise the demonstrations' mean log-likelihood
 * minus l2 / 2 · |w|². Solved as its dual, which for complete demonstrations minimises
 * E[V_w(s_0)] − w · f over their starts: a convex function, with one minimum where l2 > 0. For
 * demonstrations that were cut short or whose outcomes are read as expected, what is found is a
 * stationary point. By BFGS; by Newton's method, after two steps of Fisher scoring, over an infinite horizon, for up to 64 features, if
 * l2 > 0 and no `inverse` is given.
 *
 * @param features [s][k]
 * @param progress told the share done, in [0, 1], judged by how far the gradient has shrunk
 * @throws RangeError as `evidenceOf` does, and where features have the wrong shape or are not finite
 */
export function maxEnt(
  mdp: Mdp,
  features: Float64Array,
  demonstrations: readonly Demonstration[],
  options: MaxEntOptions = {},
  progress: (share: number) => void = () => {},
): MaxEnt {
  const nFeatures = features.length / mdp.nStates;
  if (!Number.isInteger(nFeatures) || nFeatures < 1) {
    throw new RangeError(`${features.length} features are no matrix for ${mdp.nStates} states`);
  }
  if (!features.every(Number.isFinite)) throw new RangeError("features are finite");
  const evidence = evidenceOf(mdp, features, nFeatures, demonstrations, options);
  const { deviation = 1 } = options;
  const l2 = 1 / (deviation ** 2 * demonstrations.length);
  return maxEntOf(mdp, features, evidence, { l2, ...options }, progress);
}

/** {@link maxEnt} of evidence from elsewhere, such as exact feature expectations; its l2 is 0 by default. */
export function maxEntOf(
  mdp: Mdp,
  features: Float64Array,
  evidence: Evidence,
  { l2 = 0, tolerance = 1e-6, maxIterations = 200, ...initial }: MaxEntOptions = {},
  progress: (share: number) => void = () => {},
): MaxEnt {
  if (!(l2 >= 0 && Number.isFinite(l2))) throw new RangeError(`l2 is a number from 0, not ${l2}`);
  const nFeatures = evidence.features.length;
  const start = initial.start ?? new Float64Array(nFeatures);
  if (!(start.length === nFeatures && start.every(Number.isFinite)))
    throw new RangeError(`start is ${nFeatures} finite weights, not [${start.join(", ")}]`);
  const objective = dual(mdp, features, evidence, l2);
  objective.expect(Number.POSITIVE_INFINITY);
  let first = 0;
  let share = 0;
  const { x: weights, ...found } = minimise(
    start,
    objective.evaluate,
    { tolerance, maxIterations },
    (norm, iteration) => {
      objective.expect(norm);
      if (iteration === 0) first = norm;
      else if (norm > tolerance) {
        share = Math.max(share, Math.log(first / norm) / Math.log(first / tolerance));
      }
      progress(share);
    },
    initial.inverse ?? (l2 > 0 && prefersNewton(mdp, nFeatures) ? objective.inverse : undefined),
  );
  progress(1);

  const reward = linearReward(features, weights);
  const { policy, known } = objective.at(weights);
  const visitation = visitsFrom(
    mdp,
    policy,
    startInflow(evidence.start),
    solverTolerance,
    known.visits?.slice(),
    known.chain,
  );
  return {
    weights,
    reward,
    policy,
    visitation,
    gradientNorm: found.gradientNorm,
    iterations: found.iterations,
    evaluations: found.evaluations,
    inverse: found.inverse,
    known,
  };
}

/**
 * Most features for which a Hessian, which costs a linear solve for each of them, is worth the
 * evaluations that it saves: on a grid of 20 × 20 with γ = 0.95 both methods take as long at about 32.
 */
const mostNewtonFeatures = 64;

/** Whether an evaluation costs more than a Hessian: over an infinite horizon it iterates to a fixed point. */
const prefersNewton = ({ horizon }: Mdp, nFeatures: number) =>
  !Number.isFinite(horizon) && nFeatures <= mostNewtonFeatures;

/** Error allowed in values and visits, well below any tolerance of the gradient norm. */
const solverTolerance = 1e-10;
/** The most that is allowed while the gradient is large. */
const roughTolerance = 1e-4;
/**
 * Error allowed where the last gradient's norm was g: Newton's steps square a small norm, and of what is to come this is a
 * small part.
 */
const toleranceAfter = (g: number) =>
  Math.max(solverTolerance, Math.min(roughTolerance, 1e-3 * g * g));
/** Where a gradient's norm comes out smaller than that, values and visits are made more exact: an error is at most this share of it. */
const mostErrorShare = 1e-2;
/** Error allowed in a Hessian, which affects the steps and not the minimum. */
const hessianTolerance = 1e-2;
/** Steps by Fisher's information before those by the Hessian. */
const scoringSteps = 2;
/** Curvatures are raised to at least this share of the largest. */
const leastCurvature = 1e-9;

/**
 * The function that {@link maxEnt} minimises: Σ_i mass_i V_w(state_i) − w · f + l2 / 2 · |w|². By the
 * envelope theorem the gradient of V_w(s) is the features expected from s on, so the whole gradient
 * takes one forward pass whatever the number of features.
 */
export function dual(mdp: Mdp, features: Float64Array, evidence: Evidence, l2: number) {
  const { nStates, nActions, discount, horizon } = mdp;
  const { inflow, decisions, features: expert } = evidence;
  const nFeatures = expert.length;
  const reward = new Float64Array(nStates);
  const visits = new Float64Array(nStates);
  // Kept between evaluations: an infinite horizon's iteration starts from the last solution.
  const solution = softSolution(mdp);
  // What a reward of zero comes to where no episode ends.
  if (!Number.isFinite(horizon)) solution.values.fill(Math.log(nActions) / (1 - discount));
  const solved = new Float64Array(nFeatures).fill(Number.NaN);
  let chain: Chain | undefined;
  let nScored = 0;
  let tolerance = solverTolerance;
  // The features expected change little from one Hessian to the next.
  const expected = features.slice();

  /** Moves the last values on to where they are for these weights, to first order. */
  const predict = (weights: Float64Array) => {
    const { values } = solution;
    for (let s = 0; s < nStates; s++) {
      for (let k = 0; k < nFeatures; k++)
        values[s]! += expected[s * nFeatures + k]! * (weights[k]! - solved[k]!);
    }
  };

  /** Values and policy for these weights, until the next call. */
  const solve = (weights: Float64Array) => {
    if (weights.some((w, k) => w !== solved[k])) {
      if (chain) predict(weights);
      linearReward(features, weights, reward);
      softValueIteration(mdp, reward, tolerance, solution);
      solved.set(weights);
    }
    return solution;
  };

  /** The value at the weights that are solved for; writes its gradient. */
  const measure = (weights: Float64Array, gradient: Float64Array): number => {
    const { values, policy } = solution;
    chain = Number.isFinite(horizon) ? undefined : chainOf(mdp, policy);
    visitsFrom(mdp, policy, inflow, tolerance, visits, chain);
    const learner = featuresOf(features, nFeatures, visits);
    let value = 0;
    for (let i = 0; i < inflow.state.length; i++) {
      const t = Number.isFinite(horizon) ? inflow.at[i]! : 0;
      value += inflow.mass[i]! * values[t * nStates + inflow.state[i]!]!;
    }
    for (let k = 0; k < nFeatures; k++) {
      const w = weights[k]!;
      value += (l2 / 2) * w * w - w * expert[k]!;
      gradient[k] = learner[k]! + l2 * w - expert[k]!;
    }
    return value;
  };

  const evaluate = (weights: Float64Array, gradient: Float64Array): number => {
    solve(weights);
    for (;;) {
      const value = measure(weights, gradient);
      const norm = Math.hypot(...gradient);
      if (!(tolerance > Math.max(solverTolerance, mostErrorShare * norm))) return value;
      expect(norm);
      softValueIteration(mdp, reward, tolerance, solution);
    }
  };
  /**
   * [k][k], the inverse Hessian, made positive definite: negative curvatures, which demonstrations that
   * were cut short may have, count by their absolute value (Nocedal and Wright 2006, section 3.4).
   *
   * At first it is that of Fisher's information instead, where the decisions that were seen stand for the visits
   * expected (Fisher 1925, scoring). Far from the minimum the two differ, and only this one is sure to be
   * definite: Newton's steps from there are too long, and are tried again and again.
   */
  const inverse = (weights: Float64Array) => {
    const { policy } = solve(weights);
    const scored = nScored++ < scoringSteps ? decisions : undefined;
    const known = {
      tolerance: hessianTolerance,
      ...(chain && { chain, visits: scored ?? visits, expected }),
    };
    const hessian = informationUnder(mdp, features, policy, inflow, known);
    for (let k = 0; k < nFeatures; k++) hessian[k * nFeatures + k]! += l2;
    let largest = 0;
    for (let k = 0; k < nFeatures; k++) largest = Math.max(largest, hessian[k * (nFeatures + 1)]!);
    // Definite it nearly always is, and eigenvectors take many times as long.
    const definite = inverseOf(hessian, nFeatures, leastCurvature * largest);
    if (definite) return definite;
    const { values, vectors } = eigen(hessian, nFeatures);
    const curvatures = values.map(Math.abs);
    const least = leastCurvature * Math.max(...curvatures);
    return composed(
      curvatures.map((curvature) => 1 / Math.max(curvature, least)),
      vectors,
    );
  };

  /** The policy for these weights, and what is known of it. */
  const at = (weights: Float64Array) => {
    if (weights.some((w, k) => w !== solved[k])) evaluate(weights, new Float64Array(nFeatures));
    return { policy: solution.policy, known: chain ? { chain, visits, expected } : {} };
  };

  /** Tells the last gradient's norm: after a large one values and visits need not be as exact as at the minimum. */
  const expect = (norm: number) => {
    if (!Number.isFinite(horizon)) tolerance = toleranceAfter(norm);
  };

  return { evaluate, inverse, at, expect };
}
