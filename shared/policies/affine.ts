import type { FeatureMap } from "./ridge.ts";

/** The observation and, for the intercept, a one. */
export function affine(observationSize: number): FeatureMap {
  const features = new Float64Array(observationSize + 1).fill(1);
  return {
    observationSize,
    size: features.length,
    of(observation) {
      features.set(observation);
      return features;
    },
    toJSON: () => ({}),
  };
}
