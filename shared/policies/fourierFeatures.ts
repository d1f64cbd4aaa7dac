import { writeCosSin } from "../arithmetic.ts";
import type { Random } from "../random.ts";
import { lengthScale } from "./kernel.ts";
import type { FeatureMap } from "./ridge.ts";

/** Each gives a cosine and a sine. */
const nFrequencies = 75;

/** What Fourier features are made from. */
export interface FourierJson {
  readonly observationSize: number;
  /** Flat, [nFrequencies][observationSize], radians per unit. */
  readonly frequencies: readonly number[];
}

/** Draws frequencies from the spectral density of exp(−|o − o′|² / 2ℓ²), which is N(0, 1/ℓ²). */
export function drawFourier(observationSize: number, random: Random): FeatureMap {
  return fourierFeatures({
    observationSize,
    frequencies: Array.from(
      { length: nFrequencies * observationSize },
      () => random.normal() / lengthScale,
    ),
  });
}

/**
 * Features whose inner product approximates a Gaussian kernel (Rahimi & Recht 2007, Algorithm 1): a
 * cosine and a sine for each frequency ω, √(1/n) (cos ωᵀo, sin ωᵀo). The pair, rather than one cosine
 * with a random phase, has the lower variance for this kernel (Sutherland & Schneider 2015), and
 * φᵀφ = 1 exactly, so every place has the same prior variance.
 */
export function fourierFeatures({ observationSize, frequencies }: FourierJson): FeatureMap {
  const n = frequencies.length / observationSize;
  const table = Float64Array.from(frequencies);
  const scale = Math.sqrt(1 / n);
  const features = new Float64Array(2 * n);
  return {
    observationSize,
    size: 2 * n,
    of(observation) {
      for (let i = 0; i < n; i++) {
        let angle = 0;
        for (let j = 0; j < observationSize; j++) {
          angle += table[i * observationSize + j]! * observation[j]!;
        }
        writeCosSin(angle, features, 2 * i);
        features[2 * i] = scale * features[2 * i]!;
        features[2 * i + 1] = scale * features[2 * i + 1]!;
      }
      return features;
    },
    toJSON: () => ({ frequencies: [...table] }),
  };
}
