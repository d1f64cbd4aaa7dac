import type { ActionSpace } from "../spaces.ts";
import { clip, width } from "../spaces.ts";
import { Covariance, familiarityBy } from "./covariance.ts";
import { pair } from "./dataset.ts";
import type { Dataset, Familiarity, Fitted, Policy, PolicyJson } from "./policy.ts";

/** What a linear model is linear in. */
export interface FeatureMap {
  readonly observationSize: number;
  /** Numbers in a row of features. */
  readonly size: number;
  /** The features of `observation`; overwritten by the next call. */
  of(observation: Float64Array): Float64Array;
  /** What it takes to make it again, apart from its sizes. */
  toJSON(): { readonly [parameter: string]: unknown };
}

/**
 * A policy that is linear in features of the observation: the weights that minimise
 * Σ ½|action − Wφ|² + ½λ|W|². They are exact after each pair, by recursive least squares (Plackett
 * 1950), and exact again after a pair is taken back: O(features²) each, whatever the data set's size.
 */
export class RidgePolicy implements Policy {
  readonly kind: string;
  readonly action: ActionSpace;
  readonly #features: FeatureMap;
  readonly #covariance: Covariance;
  /** [width][features] */
  readonly #weights: Float64Array;

  /** @param weights flat, [width][features]; with `covariance`, those of a policy that has learned */
  constructor(
    kind: string,
    action: ActionSpace,
    features: FeatureMap,
    covariance: Covariance,
    weights?: ArrayLike<number>,
  ) {
    const numbers = width(action) * features.size;
    if (weights && weights.length !== numbers) {
      throw new RangeError(`${kind} has ${numbers} weights here, not ${weights.length}`);
    }
    this.kind = kind;
    this.action = action;
    this.#features = features;
    this.#covariance = covariance;
    this.#weights = weights ? Float64Array.from(weights) : new Float64Array(numbers);
  }

  /** Learns one pair. */
  add(observation: Float64Array, action: Float64Array): void {
    const features = this.#features.of(observation);
    this.#correct(features, action, this.#covariance.add(features), 1);
  }

  /**
   * Unlearns one pair that was added.
   * @throws RangeError where no such pair can have been added
   */
  remove(observation: Float64Array, action: Float64Array): void {
    const features = this.#features.of(observation);
    this.#correct(features, action, this.#covariance.remove(features), -1);
  }

  act(observation: Float64Array, action: Float64Array): void {
    const features = this.#features.of(observation);
    for (let k = 0; k < action.length; k++) action[k] = this.#predict(features, k);
    clip(this.action, action);
  }

  uncertainty(observation: Float64Array): number {
    return this.#covariance.uncertainty(this.#features.of(observation));
  }

  familiarity(): Familiarity {
    return familiarityBy((observation) => this.#features.of(observation), this.#covariance.copy());
  }

  /** Half the squared error of one pair, before the action is clipped. */
  loss(observation: Float64Array, action: Float64Array): number {
    const features = this.#features.of(observation);
    let loss = 0;
    for (let k = 0; k < action.length; k++) {
      loss += 0.5 * (action[k]! - this.#predict(features, k)) ** 2;
    }
    return loss;
  }

  toJSON(): PolicyJson {
    return {
      kind: this.kind,
      action: this.action,
      observationSize: this.#features.observationSize,
      ...this.#features.toJSON(),
      lambda: this.#covariance.lambda,
      weights: [...this.#weights],
      covariance: [...this.#covariance.triangle],
    };
  }

  #predict(features: Float64Array, k: number): number {
    const size = features.length;
    let sum = 0;
    for (let i = 0; i < size; i++) sum += this.#weights[k * size + i]! * features[i]!;
    return sum;
  }

  #correct(features: Float64Array, action: Float64Array, gain: Float64Array, sign: 1 | -1): void {
    const size = features.length;
    for (let k = 0; k < action.length; k++) {
      const error = sign * (action[k]! - this.#predict(features, k));
      for (let i = 0; i < size; i++) {
        this.#weights[k * size + i] = this.#weights[k * size + i]! + error * gain[i]!;
      }
    }
  }
}

/** Teaches `policy` the whole of a checked data set, yielding the share done. */
export function* learn(policy: RidgePolicy, dataset: Dataset): Generator<number, Fitted> {
  const { n } = dataset;
  for (let i = 0; i < n; i++) {
    policy.add(...pair(dataset, i));
    if (i % 64 === 63) yield (i + 1) / n;
  }
  let loss = 0;
  for (let i = 0; i < n; i++) loss += policy.loss(...pair(dataset, i));
  return { policy, loss: loss / n };
}

/** What {@link RidgePolicy.toJSON} wrote, apart from its features. */
export interface RidgeJson extends PolicyJson {
  readonly action: ActionSpace;
  readonly observationSize: number;
  readonly lambda: number;
  readonly weights: readonly number[];
  readonly covariance: readonly number[];
}

/** The policy that wrote `json`, given its features. */
export function restore(json: RidgeJson, features: FeatureMap): RidgePolicy {
  const covariance = new Covariance(features.size, json.lambda, json.covariance);
  return new RidgePolicy(json.kind, json.action, features, covariance, json.weights);
}
