import { type ActionSpace, clip, width } from "../spaces.ts";
import { affine } from "./affine.ts";
import { check, pair } from "./dataset.ts";
import type { Dataset, Familiarity, Policy, PolicyJson, PolicyKind } from "./policy.ts";
import { familiarityBy, Precision } from "./precision.ts";
import type { FeatureMap } from "./ridge.ts";

/** λ of the covariance by which places are familiar; the descent has no ridge. */
const ridge = 1e-3;
/** Epochs between two reports. */
const stride = 8;

export interface DescentOptions {
  /** Step size; where the data are so large that it would diverge, the largest that does not. */
  readonly rate: number;
  /** Passes through the data. */
  readonly epochs: number;
}

/**
 * Straight lines by gradient descent on half the mean squared error: full batch, from zero, nothing
 * scaled. It stops after its epochs, whether or not it has arrived, so what it has learned depends on
 * the units; `linear` has the line that it is on its way to.
 */
export function byDescent(options: DescentOptions): PolicyKind {
  return {
    name: "linearDescent",
    title: "Straight lines, by gradient descent",
    actions: "continuous",
    learnsAtOnce: false,
    costAPair: Number.POSITIVE_INFINITY,

    *fit(dataset) {
      check(dataset, "continuous");
      const { n, observationSize, action } = dataset;
      const features = affine(observationSize);
      const weights = new Float64Array(width(action) * features.size);
      const gradient = new Float64Array(weights.length);
      const rate = Math.min(options.rate, 1.9 / curvature(dataset, features));
      for (let epoch = 1; epoch <= options.epochs; epoch++) {
        slope(dataset, features, weights, gradient);
        for (let i = 0; i < weights.length; i++) {
          weights[i] = weights[i]! - (rate * gradient[i]!) / n;
        }
        if (epoch % stride === 0) yield epoch / options.epochs;
      }

      const precision = new Precision(features.size, ridge);
      for (let i = 0; i < n; i++) precision.add(features.of(pair(dataset, i)[0]));
      const policy = new LinearPolicy(action, features, weights, precision);
      return { policy, loss: slope(dataset, features, weights, gradient) / n };
    },

    fromJSON(json) {
      const { action, observationSize, weights, precision } = json as LinearJson;
      const features = affine(observationSize);
      return new LinearPolicy(
        action,
        features,
        Float64Array.from(weights),
        new Precision(features.size, ridge, precision),
      );
    },
  };
}

/** With the rate and the epochs of the article that the game is after. */
export const linearDescent = byDescent({ rate: 0.1, epochs: 200 });

interface LinearJson extends PolicyJson {
  readonly action: ActionSpace;
  readonly observationSize: number;
  readonly weights: readonly number[];
  readonly precision: readonly number[];
}

class LinearPolicy implements Policy {
  readonly kind = "linearDescent";
  readonly #action: ActionSpace;
  readonly #features: FeatureMap;
  /** [width][features.size], the intercept last */
  readonly #weights: Float64Array;
  readonly #precision: Precision;

  constructor(
    action: ActionSpace,
    features: FeatureMap,
    weights: Float64Array,
    precision: Precision,
  ) {
    if (weights.length !== width(action) * features.size) {
      throw new RangeError(`linearDescent has ${width(action) * features.size} weights here`);
    }
    this.#action = action;
    this.#features = features;
    this.#weights = weights;
    this.#precision = precision;
  }

  act(observation: Float64Array, action: Float64Array): void {
    const features = this.#features.of(observation);
    for (let k = 0; k < action.length; k++) action[k] = predict(features, this.#weights, k);
    clip(this.#action, action);
  }

  uncertainty(observation: Float64Array): number {
    return this.#precision.uncertainty(this.#features.of(observation));
  }

  familiarity(): Familiarity {
    return familiarityBy((observation) => this.#features.of(observation), this.#precision.copy());
  }

  toJSON(): PolicyJson {
    return {
      kind: this.kind,
      action: this.#action,
      observationSize: this.#features.observationSize,
      weights: [...this.#weights],
      precision: [...this.#precision.triangle],
    };
  }
}

/** The gradient of half the squared error summed over the data set, written to `gradient`; returns the sum. */
function slope(
  dataset: Dataset,
  features: FeatureMap,
  weights: Float64Array,
  gradient: Float64Array,
): number {
  const { size } = features;
  gradient.fill(0);
  let loss = 0;
  for (let i = 0; i < dataset.n; i++) {
    const [observation, expert] = pair(dataset, i);
    const row = features.of(observation);
    for (let k = 0; k < expert.length; k++) {
      const error = predict(row, weights, k) - expert[k]!;
      loss += 0.5 * error * error;
      for (let j = 0; j < size; j++) {
        gradient[k * size + j] = gradient[k * size + j]! + error * row[j]!;
      }
    }
  }
  return loss;
}

/** An upper bound on the curvature of the mean loss: the mean of φᵀφ, which is the Hessian's trace. */
function curvature(dataset: Dataset, features: FeatureMap): number {
  let sum = 0;
  for (let i = 0; i < dataset.n; i++) {
    for (const value of features.of(pair(dataset, i)[0])) sum += value * value;
  }
  return sum / dataset.n;
}

function predict(features: Float64Array, weights: Float64Array, k: number): number {
  const size = features.length;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += weights[k * size + i]! * features[i]!;
  return sum;
}
