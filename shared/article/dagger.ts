/** Section 4's listing: train, roll out, have the expert label the visited states, repeat. */
import { LinearPolicy } from "./behaviouralCloning.ts";
import {
  ACTION_SIZE,
  type Demonstrations,
  demonstrate,
  distance,
  expert,
  STATE_SIZE,
  STEP_NOISE,
  startState,
  step,
} from "./navigation.ts";
import { NumpyRandom } from "./numpyRandom.ts";

const HORIZON = 30;
const ROLLOUTS_PER_ROUND = 5;

export interface DaggerResult {
  readonly seed: number;
  readonly rounds: number;
  /** Mean distance from the expert's action over each round's rollouts. */
  readonly averageErrorPerRound: Float64Array;
  /** As trained in the last round, without the labels that this round gathers. */
  readonly policy: LinearPolicy;
}

export function dagger(): DaggerResult {
  const seed = 42;
  const rounds = 8;
  const random = new NumpyRandom(seed);
  let data = demonstrate(ROLLOUTS_PER_ROUND, random);
  const policy = new LinearPolicy();
  const averageErrorPerRound = new Float64Array(rounds);
  for (let round = 0; round < rounds; round++) {
    policy.train(data);
    const { labels, averageError } = labelRollouts(policy, random);
    averageErrorPerRound[round] = averageError;
    data = {
      states: concatenate(data.states, labels.states),
      actions: concatenate(data.actions, labels.actions),
    };
  }
  return { seed, rounds, averageErrorPerRound, policy };
}

/** Rolls the policy out; the expert labels each visited state. */
function labelRollouts(
  policy: LinearPolicy,
  random: NumpyRandom,
): { labels: Demonstrations; averageError: number } {
  const n = ROLLOUTS_PER_ROUND * HORIZON;
  const states = new Float64Array(n * STATE_SIZE);
  const actions = new Float64Array(n * ACTION_SIZE);
  const action = new Float64Array(ACTION_SIZE);
  const expertAction = new Float64Array(ACTION_SIZE);
  let error = 0;
  let row = 0;
  for (let episode = 0; episode < ROLLOUTS_PER_ROUND; episode++) {
    const state = startState(random);
    for (let t = 0; t < HORIZON; t++, row++) {
      policy.act(state, action);
      expert(state, expertAction);
      states.set(state, row * STATE_SIZE);
      actions.set(expertAction, row * ACTION_SIZE);
      error += distance(action, expertAction);
      step(state, action, STEP_NOISE, random);
    }
  }
  return { labels: { states, actions }, averageError: error / n };
}

function concatenate(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
