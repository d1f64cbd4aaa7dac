import { Covariance } from "./covariance.ts";
import { check } from "./dataset.ts";
import type { PolicyKind } from "./policy.ts";
import { type FeatureMap, learn, type RidgeJson, RidgePolicy, restore } from "./ridge.ts";

/** Small enough to change no prediction that the data determine. */
const ridge = 1e-4;

/** The action as a straight line in each number of the observation: closed-form ridge regression. */
export const linear: PolicyKind = {
  name: "linear",
  title: "Straight lines",
  actions: "continuous",

  *fit(dataset) {
    check(dataset, "continuous");
    const features = withOne(dataset.observationSize);
    const covariance = new Covariance(features.size, ridge);
    return yield* learn(new RidgePolicy("linear", dataset.action, features, covariance), dataset);
  },

  fromJSON: (json) => restore(json as RidgeJson, withOne((json as RidgeJson).observationSize)),
};

/** The observation and, for the intercept, a one. */
function withOne(observationSize: number): FeatureMap {
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
