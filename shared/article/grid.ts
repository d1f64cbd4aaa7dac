/**
 * The 5 × 5 grid that sections 5 and 6 share: its features, its demonstrations and the scale on
 * which the article prints rewards. Cell (row, column) is number row · 5 + column.
 */

export const GRID_SIZE = 5;
export const CELLS = GRID_SIZE * GRID_SIZE;
export const FEATURES = 3;

export type Cell = readonly [row: number, column: number];

/** From (0, 0) to the goal, partly by diagonal moves. */
export const TRAJECTORIES: readonly (readonly Cell[])[] = [
  [
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
  ],
  [
    [0, 0],
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 4],
  ],
  [
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 3],
    [4, 4],
  ],
];

export function cellNumber([row, column]: Cell): number {
  return row * GRID_SIZE + column;
}

/** [cell][feature]: row, column and nearness to the goal (4, 4), each from 0 to 1. */
export const FEATURE_TABLE: Float64Array = featureTable();

function featureTable(): Float64Array {
  const table = new Float64Array(CELLS * FEATURES);
  const last = GRID_SIZE - 1;
  const farthest = Math.sqrt(2) * last;
  for (let row = 0; row < GRID_SIZE; row++) {
    for (let column = 0; column < GRID_SIZE; column++) {
      const away = Math.sqrt((row - last) ** 2 + (column - last) ** 2);
      const features = [row / last, column / last, 1 - away / farthest];
      table.set(features, cellNumber([row, column]) * FEATURES);
    }
  }
  return table;
}

/** Adds `scale` × the features of `cell` to `sum`. */
export function addFeatures(sum: Float64Array, cell: number, scale: number): void {
  for (let i = 0; i < FEATURES; i++) sum[i]! += scale * FEATURE_TABLE[cell * FEATURES + i]!;
}

/**
 * Feature counts of one demonstration, the mean over the three.
 * @param discount the weight of a step relative to the one before it
 */
export function demonstratedFeatures(discount: number): Float64Array {
  const sum = new Float64Array(FEATURES);
  for (const trajectory of TRAJECTORIES) {
    trajectory.forEach((cell, t) => {
      addFeatures(sum, cellNumber(cell), discount ** t);
    });
  }
  return sum.map((value) => value / TRAJECTORIES.length);
}

/** weights += rate · (expertFeatures − learnerFeatures): the update of both methods. */
export function gradientStep(
  weights: Float64Array,
  rate: number,
  expertFeatures: Float64Array,
  learnerFeatures: Float64Array,
): void {
  for (let i = 0; i < FEATURES; i++) {
    weights[i] = weights[i]! + rate * (expertFeatures[i]! - learnerFeatures[i]!);
  }
}

/** [cell]: the reward that `weights` give to the features. */
export function rewardOf(weights: Float64Array): Float64Array {
  const reward = new Float64Array(CELLS);
  for (let cell = 0; cell < CELLS; cell++) {
    let sum = 0;
    for (let i = 0; i < FEATURES; i++) sum += weights[i]! * FEATURE_TABLE[cell * FEATURES + i]!;
    reward[cell] = sum;
  }
  return reward;
}

/** Turns logits into probabilities, in place. */
export function softmax(logits: Float64Array): void {
  const most = Math.max(...logits);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    logits[i] = Math.exp(logits[i]! - most);
    sum += logits[i]!;
  }
  for (let i = 0; i < logits.length; i++) logits[i] = logits[i]! / sum;
}

/** The result of either method. */
export interface LearnedReward {
  readonly weights: Float64Array;
  /** [cell] */
  readonly reward: Float64Array;
}

/** The reward stretched to [-5, 1], as the article prints it. */
export function normalised(reward: Float64Array): Float64Array {
  const least = Math.min(...reward);
  const range = Math.max(...reward) - least;
  return reward.map((value) => ((value - least) / range) * 6 - 5);
}
