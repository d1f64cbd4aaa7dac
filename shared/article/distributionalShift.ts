/** Section 3's listing: the cloned policy's error, summed along one rollout of 50 steps. */
import { ACTION_SIZE, type Act, distance, expert, STATE_SIZE, step } from "./navigation.ts";
import { NumpyRandom } from "./numpyRandom.ts";

export interface ShiftResult {
  readonly seed: number;
  readonly noise: number;
  /** [t]: error of the steps up to and including t, counted from 0. */
  readonly cumulativeError: Float64Array;
}

/** @param policy the policy of section 2 */
export function distributionalShift(policy: Act): ShiftResult {
  const seed = 99;
  const noise = 0.03;
  const random = new NumpyRandom(seed);
  const cumulativeError = new Float64Array(50);
  const state = new Float64Array(STATE_SIZE);
  const action = new Float64Array(ACTION_SIZE);
  const expertAction = new Float64Array(ACTION_SIZE);
  let sum = 0;
  for (let t = 0; t < cumulativeError.length; t++) {
    expert(state, expertAction);
    policy(state, action);
    sum += distance(action, expertAction);
    cumulativeError[t] = sum;
    step(state, action, noise, random);
  }
  return { seed, noise, cumulativeError };
}
