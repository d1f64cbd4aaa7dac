/** Section 4's listing: train, drive, have the expert label the states driven through, repeat. */
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
const DRIVES_PER_ROUND = 5;

export interface Dagger {
  readonly seed: number;
  readonly rounds: number;
  /** Mean distance from the expert's action over each round's drives. */
  readonly averageErrorPerRound: Float64Array;
  /** As trained in the last round: the labels that round gathers are never learnt from. */
  readonly policy: LinearPolicy;
}

export function dagger(): Dagger {
  const seed = 42;
  const rounds = 8;
  const random = new NumpyRandom(seed);
  let data = demonstrate(DRIVES_PER_ROUND, random);
  const policy = new LinearPolicy();
  const averageErrorPerRound = new Float64Array(rounds);
  for (let round = 0; round < rounds; round++) {
    policy.train(data);
    const { labelled, averageError } = drive(policy, random);
    averageErrorPerRound[round] = averageError;
    data = {
      states: concatenate(data.states, labelled.states),
      actions: concatenate(data.actions, labelled.actions),
    };
  }
  return { seed, rounds, averageErrorPerRound, policy };
}

/** The policy drives; the expert says what it would have done at each state on the way. */
function drive(
  policy: LinearPolicy,
  random: NumpyRandom,
): { labelled: Demonstrations; averageError: number } {
  const n = DRIVES_PER_ROUND * HORIZON;
  const states = new Float64Array(n * STATE_SIZE);
  const actions = new Float64Array(n * ACTION_SIZE);
  const action = new Float64Array(ACTION_SIZE);
  const wanted = new Float64Array(ACTION_SIZE);
  let error = 0;
  let row = 0;
  for (let episode = 0; episode < DRIVES_PER_ROUND; episode++) {
    const state = startState(random);
    for (let t = 0; t < HORIZON; t++, row++) {
      policy.act(state, action);
      expert(state, wanted);
      states.set(state, row * STATE_SIZE);
      actions.set(wanted, row * ACTION_SIZE);
      error += distance(action, wanted);
      step(state, action, STEP_NOISE, random);
    }
  }
  return { labelled: { states, actions }, averageError: error / n };
}

function concatenate(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
