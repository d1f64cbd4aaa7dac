/** Section 2, second half of the listing: a linear policy fitted to demonstrations. */
import {
  ACTION_SIZE,
  type Demonstrations,
  demonstrate,
  STATE_SIZE,
  STEP_NOISE,
  step,
} from "./navigation.ts";
import { NumpyRandom } from "./numpyRandom.ts";

const LEARNING_RATE = 0.1;
const EPOCHS = 200;

/** action = weights · state + bias, from zero by full-batch gradient descent on squared error. */
export class LinearPolicy {
  /** [actionSize][stateSize] */
  readonly weights = new Float64Array(ACTION_SIZE * STATE_SIZE);
  readonly bias = new Float64Array(ACTION_SIZE);

  readonly act = (state: Float64Array, action: Float64Array): void => {
    for (let i = 0; i < ACTION_SIZE; i++) {
      let sum = 0;
      for (let j = 0; j < STATE_SIZE; j++) sum += this.weights[i * STATE_SIZE + j]! * state[j]!;
      action[i] = sum + this.bias[i]!;
    }
  };

  /** 200 epochs from the current weights: a second training continues the first. */
  train({ states, actions }: Demonstrations): void {
    const n = states.length / STATE_SIZE;
    const state = new Float64Array(STATE_SIZE);
    const predicted = new Float64Array(ACTION_SIZE);
    const weightGradient = new Float64Array(this.weights.length);
    const biasGradient = new Float64Array(this.bias.length);
    for (let epoch = 0; epoch < EPOCHS; epoch++) {
      weightGradient.fill(0);
      biasGradient.fill(0);
      for (let row = 0; row < n; row++) {
        for (let j = 0; j < STATE_SIZE; j++) state[j] = states[row * STATE_SIZE + j]!;
        this.act(state, predicted);
        for (let i = 0; i < ACTION_SIZE; i++) {
          const error = predicted[i]! - actions[row * ACTION_SIZE + i]!;
          for (let j = 0; j < STATE_SIZE; j++) {
            weightGradient[i * STATE_SIZE + j]! += error * state[j]!;
          }
          biasGradient[i]! += error;
        }
      }
      descend(this.weights, weightGradient, n);
      descend(this.bias, biasGradient, n);
    }
  }
}

function descend(parameters: Float64Array, gradient: Float64Array, n: number): void {
  for (let i = 0; i < parameters.length; i++) {
    parameters[i] = parameters[i]! - (LEARNING_RATE * gradient[i]!) / n;
  }
}

export interface CloningResult {
  readonly seed: number;
  readonly demonstrations: Demonstrations;
  readonly policy: LinearPolicy;
  /** The final state of one rollout of the policy. */
  readonly finalPosition: Float64Array;
}

export function behaviouralCloning(): CloningResult {
  const seed = 42;
  const random = new NumpyRandom(seed);
  const demonstrations = demonstrate(20, random);
  const policy = new LinearPolicy();
  policy.train(demonstrations);

  const state = new Float64Array(STATE_SIZE);
  const action = new Float64Array(ACTION_SIZE);
  for (let t = 0; t < 30; t++) {
    policy.act(state, action);
    step(state, action, STEP_NOISE, random);
  }
  return { seed, demonstrations, policy, finalPosition: state };
}
