import type { Random } from "../random.ts";
import { pair } from "./dataset.ts";
import { drawFourier, type FourierJson, fourierFeatures } from "./fourierFeatures.ts";
import { ridge } from "./kernel.ts";
import type { Dataset, Familiarity } from "./policy.ts";
import { Precision } from "./precision.ts";
import type { FeatureMap } from "./ridge.ts";

/** What {@link Novelty.toJSON} wrote. */
export interface NoveltyJson extends FourierJson {
  readonly precision: readonly number[];
}

/**
 * How unfamiliar an observation is, by the posterior variance of `fourier`, for policies that have
 * no posterior of their own.
 */
export class Novelty implements Familiarity {
  readonly #features: FeatureMap;
  readonly #precision: Precision;

  constructor(features: FeatureMap, precision: Precision) {
    this.#features = features;
    this.#precision = precision;
  }

  /** What is unfamiliar to someone who has seen `dataset`. */
  static of(dataset: Dataset, random: Random): Novelty {
    const features = drawFourier(dataset.observationSize, random);
    const novelty = new Novelty(features, new Precision(features.size, ridge));
    for (let i = 0; i < dataset.n; i++) novelty.see(pair(dataset, i)[0]);
    return novelty;
  }

  static fromJSON(json: NoveltyJson): Novelty {
    const features = fourierFeatures(json);
    return new Novelty(features, new Precision(features.size, ridge, json.precision));
  }

  uncertainty(observation: Float64Array): number {
    return this.#precision.uncertainty(this.#features.of(observation));
  }

  see(observation: Float64Array): void {
    this.#precision.add(this.#features.of(observation));
  }

  copy(): Novelty {
    return new Novelty(this.#features, this.#precision.copy());
  }

  toJSON(): { readonly [parameter: string]: unknown } {
    return { ...this.#features.toJSON(), precision: [...this.#precision.triangle] };
  }
}
