import type { Tabular } from "../worlds/level.ts";
import { intervalOf } from "./certainty.ts";
import { informationFromEach } from "./information.ts";
import { modelOf } from "./lattice.ts";

/** The normal distribution of the reward weights, after inverse reinforcement learning. */
export interface WeightDistribution {
  /** [k], nats a visit. */
  readonly weights: ArrayLike<number>;
  /** [k][k]; before any evidence, the identity times the prior's variance. */
  readonly covariance: ArrayLike<number>;
  /** Standard deviation of each weight's prior; 1 where it is left out. */
  readonly deviation?: number | undefined;
}

/** What is known about the reward of some features. A reward of 0 is that of a state without any. */
export interface Belief {
  /** Nats a visit. */
  readonly mean: number;
  /** Holds the reward with 90 % probability. */
  readonly interval: readonly [number, number];
  /** Share of the prior variance that the evidence has removed, in [0, 1]; 1 without any features. */
  readonly learnt: number;
}

/** With less learnt than this, the verdict is "unknown". */
const leastLearnt = 0.1;

/** The belief about the reward of these features, [k]. */
export function beliefAbout(
  features: ArrayLike<number>,
  { weights, covariance, deviation = 1 }: WeightDistribution,
): Belief {
  const n = features.length;
  let mean = 0;
  let variance = 0;
  let prior = 0;
  for (let j = 0; j < n; j++) {
    mean += weights[j]! * features[j]!;
    prior += (deviation * features[j]!) ** 2;
    for (let k = 0; k < n; k++) variance += features[j]! * covariance[j * n + k]! * features[k]!;
  }
  // Rounding may leave a little less than nothing of what is certain.
  variance = Math.max(0, variance);
  const learnt = prior === 0 ? 1 : Math.min(1, Math.max(0, 1 - variance / prior));
  return { mean, interval: intervalOf(mean, variance), learnt };
}

/** The beliefs about each weight, [k]. */
export function weightBeliefs(belief: WeightDistribution): Belief[] {
  const n = belief.weights.length;
  return Array.from({ length: n }, (_, k) =>
    beliefAbout(
      Array.from({ length: n }, (_, j) => (j === k ? 1 : 0)),
      belief,
    ),
  );
}

/** The beliefs about each tile of a world's map. */
export function tileBeliefs(world: Tabular, belief: WeightDistribution): Belief[] {
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

/**
 * Whether the interval is above 0, below 0 or on both sides, or too little was learnt to say; "nothing" where there
 * is nothing to like or to avoid. Sentences, bars and maps all go by this.
 */
export function verdictOn({ interval: [low, high], learnt }: Belief) {
  if (low === 0 && high === 0) return "nothing";
  if (learnt < leastLearnt) return "unknown";
  if (low > 0) return "liked";
  return high < 0 ? "avoided" : "unsure";
}

/** The start of an episode, with the expected information gain of a demonstration from there. */
export interface InformativeStart {
  readonly cell: number;
  /** The feature whose weight would gain the most information. */
  readonly feature: number;
  /** Expected information gain about the weights, nats. */
  readonly gain: number;
}

/**
 * The start whose episode has the greatest expected information gain about the weights: Bayesian
 * D-optimality, the mean of half of log det(1 + covariance · information) over what the weights may be (Lindley
 * 1956; Chaloner and Verdinelli 1995, section 2.3), taken at sigma points (Julier and Uhlmann 1997).
 */
export function mostInformativeStart(
  world: Tabular,
  { weights, covariance }: WeightDistribution,
): InformativeStart {
  const { mdp, features } = modelOf(world);
  const n = weights.length;
  const informations = sigmaPoints(weights, covariance).map((point) =>
    informationFromEach(mdp, features, point),
  );
  let best: InformativeStart = { cell: -1, feature: 0, gain: Number.NEGATIVE_INFINITY };
  for (let cell = 0; cell < mdp.nStates; cell++) {
    if (mdp.start[cell] === 0) continue;
    const alone = new Float64Array(n);
    let gain = 0;
    for (const all of informations) {
      const own = all.subarray(cell * n * n, (cell + 1) * n * n);
      gain += Math.log(determinant(gainMatrix(covariance, own, n), n)) / 2 / informations.length;
      for (let k = 0; k < n; k++) alone[k]! += Math.log1p(covariance[k * n + k]! * own[k * n + k]!);
    }
    if (gain > best.gain) best = { cell, feature: alone.indexOf(Math.max(...alone)), gain };
  }
  return best;
}

/**
 * {@link mostInformativeStart} of several worlds with the same features, and in which of them it is.
 * Which one tells the most changes with what is known: where one world cannot tell, another may (Cao, Cohen and Szpruch
 * 2021).
 */
export function mostInformativeWorld(
  worlds: readonly Tabular[],
  belief: WeightDistribution,
): InformativeStart & { readonly world: number } {
  const starts = worlds.map((world, i) => ({ ...mostInformativeStart(world, belief), world: i }));
  return starts.reduce((best, start) => (start.gain > best.gain ? start : best));
}

/**
 * The mean, and the mean plus and minus √(n + ½) times each column of the covariance's Cholesky root: 2n + 1 points that count
 * alike, with this mean and this covariance.
 */
export function sigmaPoints(
  weights: ArrayLike<number>,
  covariance: ArrayLike<number>,
): Float64Array[] {
  const n = weights.length;
  const root = choleskyOf(covariance, n);
  const mean = Float64Array.from(weights);
  const sides = Array.from({ length: n }, (_, j) =>
    [-1, 1].map((sign) => mean.map((w, i) => w + sign * Math.sqrt(n + 0.5) * root[i * n + j]!)),
  );
  return [mean, ...sides.flat()];
}

/** The Cholesky factor (lower triangular) of a positive definite matrix, [n][n]. */
export function choleskyOf(matrix: ArrayLike<number>, n: number): Float64Array {
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
function gainMatrix(
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

/** Determinant of a matrix [n][n] whose leading minors are positive, by elimination; overwrites it. */
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
