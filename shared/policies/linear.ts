import { affine } from "./affine.ts";
import { check } from "./dataset.ts";
import type { PolicyKind } from "./policy.ts";
import { Precision } from "./precision.ts";
import { learn, type RidgeJson, RidgePolicy, restore } from "./ridge.ts";

/**
 * Small enough to change no prediction that the data determine, and large enough that the weights keep
 * eight digits where the data leave them open and hundreds of answers were taken back.
 */
const ridge = 1e-3;

/** The action as a straight line in each number of the observation: closed-form ridge regression. */
export const linear: PolicyKind = {
  name: "linear",
  title: "Straight lines",
  actions: "continuous",
  learnsAtOnce: true,
  costAPair: 5,

  *fit(dataset) {
    check(dataset, "continuous");
    const features = affine(dataset.observationSize);
    const precision = new Precision(features.size, ridge);
    return yield* learn(new RidgePolicy("linear", dataset.action, features, precision), dataset);
  },

  fromJSON: (json) => restore(json as RidgeJson, affine((json as RidgeJson).observationSize)),
};
