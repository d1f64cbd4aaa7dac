import { check } from "./dataset.ts";
import { drawFourier, type FourierJson, fourierFeatures } from "./fourierFeatures.ts";
import { ridge } from "./kernel.ts";
import type { PolicyKind } from "./policy.ts";
import { Precision } from "./precision.ts";
import { learn, type RidgeJson, RidgePolicy, restore } from "./ridge.ts";

/**
 * Random Fourier features with ridge regression: kernel regression with a Gaussian kernel, at the
 * price of a linear model, so that it learns each label as it comes.
 */
export const fourier: PolicyKind = {
  name: "fourier",
  title: "Random Fourier features",
  actions: "continuous",
  learnsAtOnce: true,
  costAPair: 50,

  *fit(dataset, random) {
    check(dataset, "continuous");
    const features = drawFourier(dataset.observationSize, random);
    const precision = new Precision(features.size, ridge);
    return yield* learn(new RidgePolicy("fourier", dataset.action, features, precision), dataset);
  },

  fromJSON: (json) => restore(json as RidgeJson, fourierFeatures(json as RidgeJson & FourierJson)),
};
