/** Section 5's listing: weights climb toward the demonstrations' feature counts. */
import {
  addFeatures,
  CELLS,
  climb,
  demonstratedFeatures,
  FEATURES,
  type LearnedReward,
  rewardOf,
  softmax,
} from "./grid.ts";

const ITERATIONS = 100;
const LEARNING_RATE = 0.2;

export function featureMatching(): LearnedReward {
  const wanted = demonstratedFeatures(1);
  const weights = new Float64Array(FEATURES);
  const present = new Float64Array(FEATURES);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    // No policy and no dynamics: the article takes a cell to be as likely as exp(its reward).
    const likelihood = rewardOf(weights);
    softmax(likelihood);
    present.fill(0);
    for (let cell = 0; cell < CELLS; cell++) addFeatures(present, cell, likelihood[cell]!);
    climb(weights, LEARNING_RATE, wanted, present);
  }
  return { weights, reward: rewardOf(weights) };
}
