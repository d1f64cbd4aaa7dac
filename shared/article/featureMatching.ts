/** Section 5's listing: gradient ascent of the weights toward the demonstrations' feature counts. */
import {
  addFeatures,
  CELLS,
  demonstratedFeatures,
  FEATURES,
  gradientStep,
  type LearnedReward,
  rewardOf,
  softmax,
} from "./grid.ts";

const ITERATIONS = 100;
const LEARNING_RATE = 0.2;

export function featureMatching(): LearnedReward {
  const expertFeatures = demonstratedFeatures(1);
  const weights = new Float64Array(FEATURES);
  const learnerFeatures = new Float64Array(FEATURES);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    // No policy and no dynamics: in the article a cell's probability is proportional to exp(its reward).
    const likelihood = rewardOf(weights);
    softmax(likelihood);
    learnerFeatures.fill(0);
    for (let cell = 0; cell < CELLS; cell++) addFeatures(learnerFeatures, cell, likelihood[cell]!);
    gradientStep(weights, LEARNING_RATE, expertFeatures, learnerFeatures);
  }
  return { weights, reward: rewardOf(weights) };
}
