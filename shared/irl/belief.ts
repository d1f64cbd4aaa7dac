import type { Tabular } from "../worlds/level.ts";
import { informationOf, intervalOf } from "./certainty.ts";
import { modelOf } from "./lattice.ts";

/** Weights as inverse reinforcement learning leaves them: a normal distribution. */
export interface Weights {
  /** [k], nats a visit. */
  readonly weights: ArrayLike<number>;
  /** [k][k]; the identity before any evidence. */
  readonly covariance: ArrayLike<number>;
}

/** What is believed about the reward of something, measured against the plain case. */
export interface Belief {
  /** Nats a visit. */
  readonly mean: number;
  /** Holds the reward with 90 % probability. */
  readonly interval: readonly [number, number];
  /** Share of the prior variance that the evidence has removed, in [0, 1]; 1 for the plain case. */
  readonly learnt: number;
}

/** Below this much learnt, the evidence says nothing. */
const nothing = 0.1;

/** The belief about whatever has these features, [k]. */
export function beliefAbout(features: ArrayLike<number>, { weights, covariance }: Weights): Belief {
  const n = features.length;
  let mean = 0;
  let variance = 0;
  let prior = 0;
  for (let j = 0; j < n; j++) {
    mean += weights[j]! * features[j]!;
    prior += features[j]! ** 2;
    for (let k = 0; k < n; k++) variance += features[j]! * covariance[j * n + k]! * features[k]!;
  }
  const learnt = prior === 0 ? 1 : Math.min(1, Math.max(0, 1 - variance / prior));
  return { mean, interval: intervalOf(mean, variance), learnt };
}

/** The beliefs about each weight, [k]. */
export function weightBeliefs(belief: Weights): Belief[] {
  const n = belief.weights.length;
  return Array.from({ length: n }, (_, k) =>
    beliefAbout(
      Array.from({ length: n }, (_, j) => (j === k ? 1 : 0)),
      belief,
    ),
  );
}

/** The beliefs about each tile of a world's map. */
export function tileBeliefs(world: Tabular, belief: Weights): Belief[] {
  const { lattice } = world;
  const features = new Float64Array(lattice.nFeatures);
  return lattice.tiles.map(({ cell }) => {
    lattice.features(cell, features);
    return beliefAbout(features, belief);
  });
}

/** The reward of each tile of a world's map under given weights [k]. */
export function tileReward(world: Tabular, weights: ArrayLike<number>): number[] {
  const { lattice } = world;
  const features = new Float64Array(lattice.nFeatures);
  return lattice.tiles.map(({ cell }) => {
    lattice.features(cell, features);
    return features.reduce((sum, feature, k) => sum + weights[k]! * feature, 0);
  });
}

/** What evidence makes of a reward: liked or avoided beyond doubt, perhaps either, or not spoken of. */
export function verdictOn({ interval: [low, high], learnt }: Belief) {
  if (learnt < nothing) return "unknown";
  if (low > 0) return "liked";
  return high < 0 ? "avoided" : "unsure";
}

/** A start of an episode, and what it promises to tell. */
export interface Telling {
  readonly cell: number;
  /** The feature that an episode from there would tell the most about. */
  readonly feature: number;
  /** By how much the episode is expected to narrow the weights down, nats. */
  readonly gain: number;
}

/**
 * The start from which one more episode would tell the most about the weights: Bayesian D-optimality,
 * the mean of half of log det(1 + covariance · information) over what the weights may be (Lindley
 * 1956; Chaloner and Verdinelli 1995, section 2.3), taken at sigma points (Julier and Uhlmann 1997).
 */
export function mostTelling(world: Tabular, { weights, covariance }: Weights): Telling {
  const { mdp, features } = modelOf(world);
  const n = weights.length;
  const points = sigmaPoints(weights, covariance);
  const at = Int32Array.of(0);
  const mass = Float64Array.of(1);
  let best: Telling = { cell: -1, feature: 0, gain: Number.NEGATIVE_INFINITY };
  for (let cell = 0; cell < mdp.nStates; cell++) {
    if (mdp.start[cell] === 0) continue;
    const inflow = { at, state: Int32Array.of(cell), mass };
    const alone = new Float64Array(n);
    let gain = 0;
    for (const point of points) {
      const information = informationOf(mdp, features, point, inflow);
      gain += Math.log(determinant(narrowing(covariance, information, n), n)) / 2 / points.length;
      for (let k = 0; k < n; k++)
        alone[k]! += Math.log1p(covariance[k * n + k]! * information[k * n + k]!);
    }
    if (gain > best.gain) best = { cell, feature: alone.indexOf(Math.max(...alone)), gain };
  }
  return best;
}

/** The mean and, on both sides of it, the columns of the covariance's root times √n. */
function sigmaPoints(weights: ArrayLike<number>, covariance: ArrayLike<number>): Float64Array[] {
  const n = weights.length;
  const root = choleskyOf(covariance, n);
  const mean = Float64Array.from(weights);
  const sides = Array.from({ length: n }, (_, j) =>
    [-1, 1].map((sign) => mean.map((w, i) => w + sign * Math.sqrt(n) * root[i * n + j]!)),
  );
  return [mean, ...sides.flat()];
}

/** The lower triangular root of a positive definite matrix, [n][n]. */
function choleskyOf(matrix: ArrayLike<number>, n: number): Float64Array {
  const root = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let left = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) left -= root[i * n + k]! * root[j * n + k]!;
      root[i * n + j] = i === j ? Math.sqrt(Math.max(0, left)) : left / (root[j * n + j]! || 1);
    }
  }
  return root;
}

/** 1 + covariance · information, [n][n]. */
function narrowing(
  covariance: ArrayLike<number>,
  information: Float64Array,
  n: number,
): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = 1;
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++)
        matrix[i * n + k]! += covariance[i * n + j]! * information[j * n + k]!;
  }
  return matrix;
}

/** Of a matrix [n][n] whose leading minors are positive, by elimination; the matrix is used up. */
function determinant(matrix: Float64Array, n: number): number {
  let product = 1;
  for (let i = 0; i < n; i++) {
    const pivot = matrix[i * n + i]!;
    product *= pivot;
    for (let j = i + 1; j < n; j++) {
      const share = matrix[j * n + i]! / pivot;
      for (let k = i; k < n; k++) matrix[j * n + k]! -= share * matrix[i * n + k]!;
    }
  }
  return product;
}
