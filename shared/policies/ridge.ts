import type { ActionSpace } from "../spaces.ts";
import { clip, width } from "../spaces.ts";
import { halfSquaredError, meanLoss, pair } from "./dataset.ts";
import type {
  Dataset,
  Familiarity,
  Fit,
  IncrementalLearner,
  Policy,
  PolicyJson,
} from "./policy.ts";
import { familiarityBy, Precision } from "./precision.ts";

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
 * Σ ½|action − Wφ|² + ½λ|W|². They are exact after each pair, by recursive least squares in its
 * square-root form (Golub & Van Loan 2013, §6.5), and exact again after a pair is taken back:
 * O(features²) each, whatever the data set's size.
 */
export class RidgePolicy implements Policy, IncrementalLearner {
  readonly kind: string;
  readonly action: ActionSpace;
  readonly #features: FeatureMap;
  readonly #precision: Precision;
  /** [width] of [features]: what {@link Precision.solve} makes the weights of each number from */
  readonly #moments: readonly Float64Array[];
  /** The same shape. Solved for when they are first asked for after a change, and stale until then. */
  readonly #weights: readonly Float64Array[];
  #stale = true;

  /** @param moments flat, [width][features]; with `precision`, those of a policy that has learned */
  constructor(
    kind: string,
    action: ActionSpace,
    features: FeatureMap,
    precision: Precision,
    moments?: ArrayLike<number>,
  ) {
    const { size } = features;
    const numbers = width(action) * size;
    if (moments && moments.length !== numbers) {
      throw new RangeError(`${kind} has ${numbers} moments here, not ${moments.length}`);
    }
    this.kind = kind;
    this.action = action;
    this.#features = features;
    this.#precision = precision;
    const flat = moments ? Float64Array.from(moments) : new Float64Array(numbers);
    this.#moments = rows(flat, size);
    this.#weights = rows(new Float64Array(numbers), size);
  }

  /** W, one row of weights for each number of the action: [width] of [features]. */
  get weights(): readonly Float64Array[] {
    if (this.#stale) {
      this.#moments.forEach((moments, k) => {
        this.#precision.solve(moments, this.#weights[k]!);
      });
      this.#stale = false;
    }
    return this.#weights;
  }

  get incremental(): IncrementalLearner {
    return this;
  }

  add(observation: Float64Array, action: Float64Array): void {
    this.#precision.add(this.#features.of(observation));
    this.#moments.forEach((moments, k) => {
      this.#precision.addTarget(moments, action[k]!);
    });
    this.#stale = true;
  }

  remove(observation: Float64Array, action: Float64Array): void {
    this.#precision.remove(this.#features.of(observation));
    this.#moments.forEach((moments, k) => {
      this.#precision.removeTarget(moments, action[k]!);
    });
    this.#stale = true;
  }

  act(observation: Float64Array, action: Float64Array): void {
    this.#predict(observation, action);
    clip(this.action, action);
  }

  uncertainty(observation: Float64Array): number {
    return this.#precision.uncertainty(this.#features.of(observation));
  }

  familiarity(): Familiarity {
    return familiarityBy((observation) => this.#features.of(observation), this.#precision.copy());
  }

  /** Half the squared error of one pair, before the action is clipped. */
  loss(observation: Float64Array, action: Float64Array): number {
    const predicted = new Float64Array(action.length);
    this.#predict(observation, predicted);
    return halfSquaredError(predicted, action);
  }

  toJSON(): PolicyJson {
    return {
      kind: this.kind,
      action: this.action,
      observationSize: this.#features.observationSize,
      ...this.#features.toJSON(),
      lambda: this.#precision.lambda,
      moments: this.#moments.flatMap((row) => [...row]),
      precision: [...this.#precision.triangle],
    };
  }

  #predict(observation: Float64Array, action: Float64Array): void {
    const features = this.#features.of(observation);
    const { weights } = this;
    for (let k = 0; k < action.length; k++) {
      const row = weights[k]!;
      let sum = 0;
      for (let i = 0; i < features.length; i++) sum += row[i]! * features[i]!;
      action[k] = sum;
    }
  }
}

/** Teaches `policy` the whole of a checked data set, yielding the share done. */
export function* learn(policy: RidgePolicy, dataset: Dataset): Generator<number, Fit> {
  const { n } = dataset;
  for (let i = 0; i < n; i++) {
    policy.add(...pair(dataset, i));
    if (i % 64 === 63) yield (i + 1) / n;
  }
  return { policy, loss: meanLoss(dataset, (...one) => policy.loss(...one)) };
}

/** What {@link RidgePolicy.toJSON} wrote, apart from its features. */
export interface RidgeJson extends PolicyJson {
  readonly action: ActionSpace;
  readonly observationSize: number;
  readonly lambda: number;
  readonly moments: readonly number[];
  readonly precision: readonly number[];
}

/** The policy that wrote `json`, given its features. */
export function restore(json: RidgeJson, features: FeatureMap): RidgePolicy {
  const precision = new Precision(features.size, json.lambda, json.precision);
  return new RidgePolicy(json.kind, json.action, features, precision, json.moments);
}

/** Views of a flat array, `size` numbers each. */
function rows(flat: Float64Array, size: number): Float64Array[] {
  return Array.from({ length: flat.length / size }, (_, k) =>
    flat.subarray(k * size, (k + 1) * size),
  );
}
