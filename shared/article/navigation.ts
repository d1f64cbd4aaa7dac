/**
 * Section 2, first half of the listing: the plane, its expert and its demonstrations. States are
 * (x, y), actions (dx, dy).
 */
import type { NumpyRandom } from "./numpyRandom.ts";

export const STATE_SIZE = 2;
export const ACTION_SIZE = 2;

/** Standard deviation of the start's y. */
const START_SPREAD = 0.1;
const DEMONSTRATION_STEPS = 30;
/** Standard deviation of what each step adds to x and to y, unless a listing says otherwise. */
export const STEP_NOISE = 0.02;

/** Writes the action for `state`. */
export type Act = (state: Float64Array, action: Float64Array) => void;

/** Labelled states, row by row: states [n][2], actions [n][2]. */
export interface Demonstrations {
  readonly states: Float64Array;
  readonly actions: Float64Array;
}

/** Forward at a constant speed, and up or down towards sin(2x) by at most 0.3. */
export const expert: Act = (state, action) => {
  action[0] = 0.2;
  action[1] = Math.min(Math.max(Math.sin(state[0]! * 2) - state[1]!, -0.3), 0.3);
};

export function startState(random: NumpyRandom): Float64Array {
  return Float64Array.of(0, random.normal() * START_SPREAD);
}

/** Moves `state` by `action` and noise. */
export function step(
  state: Float64Array,
  action: Float64Array,
  noise: number,
  random: NumpyRandom,
): void {
  for (let i = 0; i < STATE_SIZE; i++) state[i] = state[i]! + action[i]! + random.normal() * noise;
}

export function demonstrate(trajectories: number, random: NumpyRandom): Demonstrations {
  const states = new Float64Array(trajectories * DEMONSTRATION_STEPS * STATE_SIZE);
  const actions = new Float64Array(trajectories * DEMONSTRATION_STEPS * ACTION_SIZE);
  const action = new Float64Array(ACTION_SIZE);
  let row = 0;
  for (let trajectory = 0; trajectory < trajectories; trajectory++) {
    const state = startState(random);
    for (let t = 0; t < DEMONSTRATION_STEPS; t++, row++) {
      expert(state, action);
      states.set(state, row * STATE_SIZE);
      actions.set(action, row * ACTION_SIZE);
      step(state, action, STEP_NOISE, random);
    }
  }
  return { states, actions };
}

/** Euclidean length of the difference. */
export function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}
