import { composed, eigen } from "./eigen.ts";
import { inverseOf } from "./inverse.ts";
import { modeOf, type Told, type WeightsPrior } from "./severalWorlds.ts";

/** What several persons have in common. */
export interface Population {
  /** [k], the mean of the persons' weights, nats a visit. */
  readonly mean: Float64Array;
  /** [k], their variance about it. */
  readonly variance: Float64Array;
  /** [k], variance of the mean: how far it is unknown itself. */
  readonly meanVariance: Float64Array;
  /** In the order in which they were given. */
  readonly persons: readonly PersonWeights[];
}

/** What is known of one person's weights: a normal distribution, by Laplace's method. */
export interface PersonWeights {
  /** [k], the mode: drawn towards the prior's mean where the person showed little. */
  readonly weights: Float64Array;
  /** [k][k] */
  readonly covariance: Float64Array;
}

/** Most times that the persons' likelihoods are approximated anew. */
const mostRounds = 30;
/** Means and standard deviations that change by less are found, nats a visit. */
const roundTolerance = 1e-4;
/** Steps of the expectation maximisation between two approximations, and when they end. */
const mostSteps = 5000;
const stepTolerance = 1e-8;

/**
 * A hierarchical prior of the reward weights of several persons, by empirical Bayes:
 *
 *   w_i ~ N(μ, D), D = diag(σ₁² … σ_k²),  actions of person i ~ the soft policy for w_i
 *
 * with a normal prior N(0, deviation²) on each mean μ_k and p(σ_k) ∝ σ_k, which keeps a variance off zero without
 * a scale of its own (Chung et al. 2013): where few persons agree by chance, that they all are alike is not certain.
 *
 * (Dimitrakakis and Rothkopf 2011, Bayesian Multitask Inverse Reinforcement Learning), and by Laplace's method for
 * the persons (Breslow and Clayton 1993). About each mode w_i the negative log-likelihood is taken for a parabola of curvature I_i, whose
 * lowest point m_i is where I_i m_i = I_i w_i + D⁻¹ (w_i − μ). For these the population is found by expectation
 * maximisation (Dempster, Laird and Rubin 1977), with C_i = (I_i + D⁻¹)⁻¹ and w_i = C_i (I_i m_i + D⁻¹ μ):
 *
 *   μ ← μ + (deviation⁻² + Σ_i D⁻¹ − D⁻¹ C_i D⁻¹)⁻¹ (Σ_i D⁻¹ (w_i − μ) − μ deviation⁻²)
 *   σ_k² ← Σ_i ((w_ik − μ_k)² + C_i,kk) / (n − 1)
 *
 * and the modes are found again. As D → 0 all have the weights of all demonstrations together, and as D → ∞ each those
 * of their own alone.
 *
 * @param persons two at least
 * @param deviation of the prior of each mean
 * @param variance [k], where it is given: the population's, which is then not estimated
 * @throws RangeError where there are fewer than two persons
 */
export function populationOf(
  persons: readonly Told[],
  deviation: number,
  variance?: Float64Array,
): Population {
  if (persons.length < 2) throw new RangeError("a population has two persons at least");
  const k = persons[0]!.nFeatures;
  let population: Common = {
    mean: new Float64Array(k),
    variance: variance ?? new Float64Array(k).fill(deviation ** 2),
    meanVariance: new Float64Array(k).fill(deviation ** 2),
  };
  let found = persons.map((told) => curvedAt(told, population.mean));
  for (let round = 0; round < mostRounds; round++) {
    const before = population;
    found = persons.map((told, i) => modeIn(told, before, found[i]!));
    const parabolas = found.map((mode) => parabolaAt(mode, before));
    population = populationBehind(parabolas, before, deviation, variance !== undefined);
    if (apart(before, population) <= roundTolerance) break;
  }
  const { variance: among } = population;
  return {
    ...population,
    persons: found.map(({ weights, curvature }) => ({
      weights,
      covariance: covarianceOf(curvature, among),
    })),
  };
}

/** What is expected of a person of whom nothing is known yet. */
export function priorFrom({ mean, variance, meanVariance }: Common): WeightsPrior {
  return { mean, variance: variance.map((own, k) => own + meanVariance[k]!) };
}

/**
 * What is known of a person's weights under a prior.
 * @param told null where they showed nothing
 */
export function personIn(told: Told | null, prior: WeightsPrior): PersonWeights {
  const mean = Float64Array.from(prior.mean);
  if (!told) {
    const nothing = new Float64Array(mean.length ** 2);
    return { weights: mean, covariance: covarianceOf(nothing, prior.variance) };
  }
  const { weights, curvature } = modeIn(told, prior, curvedAt(told, mean));
  return { weights, covariance: covarianceOf(curvature, prior.variance) };
}

/** Weights, and the curvature of the negative log-likelihood there, [k][k], positive semidefinite. */
interface Curved {
  readonly weights: Float64Array;
  readonly curvature: Float64Array;
}

/** What is negative in the information, as may be of demonstrations that were cut short, counts as 0. */
function curvedAt(told: Told, weights: Float64Array): Curved {
  const { values, vectors } = eigen(told.information(weights), weights.length);
  const least = values.map((value) => Math.max(0, value));
  return { weights, curvature: composed(least, vectors) };
}

/** The posterior's mode; the search begins at `start`. */
function modeIn(told: Told, prior: WeightsPrior, start: Curved): Curved {
  const covariance = covarianceOf(start.curvature, prior.variance);
  return curvedAt(told, modeOf(told, prior, start.weights, covariance).weights);
}

/** A person's negative log-likelihood, but for a constant: ½ wᵀ curvature w − w · pull. */
interface Parabola extends Pick<Curved, "curvature"> {
  /** [k] */
  readonly pull: Float64Array;
}

/** @param mode under this prior */
function parabolaAt({ weights, curvature }: Curved, { mean, variance }: WeightsPrior): Parabola {
  const pull = times(curvature, weights).map(
    (value, j) => value + (weights[j]! - mean[j]!) / variance[j]!,
  );
  return { curvature, pull };
}

type Common = Omit<Population, "persons">;

function populationBehind(
  parabolas: readonly Parabola[],
  start: Common,
  deviation: number,
  isVarianceGiven: boolean,
): Common {
  const n = parabolas.length;
  const k = start.mean.length;
  let population = start;
  for (let step = 0; step < mostSteps; step++) {
    const { mean, variance } = population;
    const persons = parabolas.map(({ curvature, pull }) => {
      const covariance = covarianceOf(curvature, variance);
      const weights = (mean: Float64Array) =>
        times(
          covariance,
          pull.map((value, j) => value + mean[j]! / variance[j]!),
        );
      return { covariance, weights };
    });
    const precision = new Float64Array(k * k);
    const slope = new Float64Array(k);
    for (let j = 0; j < k; j++) {
      precision[j * (k + 1)] = deviation ** -2 + n / variance[j]!;
      slope[j] = -mean[j]! / deviation ** 2;
    }
    for (const { covariance, weights } of persons) {
      const own = weights(mean);
      for (let i = 0; i < k; i++) {
        slope[i]! += (own[i]! - mean[i]!) / variance[i]!;
        for (let j = 0; j < k; j++)
          precision[i * k + j]! -= covariance[i * k + j]! / (variance[i]! * variance[j]!);
      }
    }
    const unknown = inverseOf(precision, k, 0)!;
    const moved = times(unknown, slope).map((value, j) => mean[j]! + value);
    const spread = new Float64Array(k);
    for (const { covariance, weights } of persons) {
      const own = weights(moved);
      for (let j = 0; j < k; j++)
        spread[j]! += ((own[j]! - moved[j]!) ** 2 + covariance[j * (k + 1)]!) / (n - 1);
    }
    const before = population;
    population = {
      mean: moved,
      variance: isVarianceGiven ? variance : spread,
      meanVariance: Float64Array.from({ length: k }, (_, j) => unknown[j * (k + 1)]!),
    };
    if (apart(before, population) <= stepTolerance) break;
  }
  return population;
}

/** The most that a mean or a standard deviation of one differs from the other's. */
function apart(a: WeightsPrior, b: WeightsPrior): number {
  let most = 0;
  for (let k = 0; k < a.mean.length; k++) {
    most = Math.max(
      most,
      Math.abs(a.mean[k]! - b.mean[k]!),
      Math.abs(Math.sqrt(a.variance[k]!) - Math.sqrt(b.variance[k]!)),
    );
  }
  return most;
}

/** (curvature + D⁻¹)⁻¹, [k][k]. */
function covarianceOf(curvature: Float64Array, variance: ArrayLike<number>): Float64Array {
  const k = variance.length;
  const precision = curvature.slice();
  for (let j = 0; j < k; j++) precision[j * (k + 1)]! += 1 / variance[j]!;
  return inverseOf(precision, k, 0)!;
}

/** A matrix [k][k] times a vector. */
function times(matrix: Float64Array, x: Float64Array): Float64Array {
  const k = x.length;
  return x.map((_, i) => {
    let sum = 0;
    for (let j = 0; j < k; j++) sum += matrix[i * k + j]! * x[j]!;
    return sum;
  });
}
