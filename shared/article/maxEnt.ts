/** Section 6's listing: the same gradient ascent, with the visits of a softmax policy in sampled episodes. */
import {
  addFeatures,
  CELLS,
  cellNumber,
  demonstratedFeatures,
  FEATURES,
  GRID_SIZE,
  gradientStep,
  type LearnedReward,
  rewardOf,
  softmax,
} from "./grid.ts";
import { NumpyRandom } from "./numpyRandom.ts";

const DISCOUNT = 0.9;
const ITERATIONS = 100;
const LEARNING_RATE = 0.1;
const SWEEPS = 30;
const EPISODES = 30;
const STEPS = 15;

/** (rows, columns): up, down, left, right, stay. */
const MOVES = [
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
  [0, 0],
] as const;

/** [cell][move]: where a move leads; the border stops it. */
const NEXT_CELL: Uint8Array = nextCells();

function nextCells(): Uint8Array {
  const within = (i: number): number => Math.max(0, Math.min(GRID_SIZE - 1, i));
  const next = new Uint8Array(CELLS * MOVES.length);
  for (let row = 0; row < GRID_SIZE; row++) {
    for (let column = 0; column < GRID_SIZE; column++) {
      MOVES.forEach(([down, right], move) => {
        next[cellNumber([row, column]) * MOVES.length + move] = cellNumber([
          within(row + down),
          within(column + right),
        ]);
      });
    }
  }
  return next;
}

export function maxEnt(): LearnedReward {
  const expertFeatures = demonstratedFeatures(DISCOUNT);
  const weights = new Float64Array(FEATURES);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const policy = softPolicy(rewardOf(weights));
    const learnerFeatures = visitedFeatures(policy, new NumpyRandom(iteration * 17 + 7));
    gradientStep(weights, LEARNING_RATE, expertFeatures, learnerFeatures);
  }
  return { weights, reward: rewardOf(weights) };
}

/** [cell][move]: the probabilities after soft value iteration. */
function softPolicy(reward: Float64Array): Float64Array {
  let values = new Float64Array(CELLS);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const better = new Float64Array(CELLS);
    for (let cell = 0; cell < CELLS; cell++) {
      better[cell] = logSumExp(moveValues(reward, values, cell));
    }
    values = better;
  }
  const policy = new Float64Array(CELLS * MOVES.length);
  for (let cell = 0; cell < CELLS; cell++) {
    const probabilities = moveValues(reward, values, cell);
    softmax(probabilities);
    policy.set(probabilities, cell * MOVES.length);
  }
  return policy;
}

/** [move]: the reward here and the discounted value there. */
function moveValues(reward: Float64Array, values: Float64Array, cell: number): Float64Array {
  const result = new Float64Array(MOVES.length);
  for (let move = 0; move < MOVES.length; move++) {
    const next = NEXT_CELL[cell * MOVES.length + move]!;
    result[move] = reward[cell]! + DISCOUNT * values[next]!;
  }
  return result;
}

function logSumExp(values: Float64Array): number {
  const most = Math.max(...values);
  let sum = 0;
  for (const value of values) sum += Math.exp(value - most);
  return most + Math.log(sum);
}

/** Mean discounted feature counts of episodes from (0, 0), the start itself left out. */
function visitedFeatures(policy: Float64Array, random: NumpyRandom): Float64Array {
  const sum = new Float64Array(FEATURES);
  for (let episode = 0; episode < EPISODES; episode++) {
    let cell = 0;
    for (let t = 0; t < STEPS; t++) {
      const first = cell * MOVES.length;
      const move = random.choice(policy.subarray(first, first + MOVES.length));
      cell = NEXT_CELL[first + move]!;
      addFeatures(sum, cell, DISCOUNT ** t);
    }
  }
  return sum.map((value) => value / EPISODES);
}
