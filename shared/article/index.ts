/**
 * A faithful port of the listings of "Imitation Learning from Scratch", mistakes included, for
 * comparison with its printed figures. README.md in this folder lists the mistakes. Nothing else in
 * the project may import it: the corrected algorithms are elsewhere.
 */
import { behaviouralCloning, type LinearPolicy } from "./behaviouralCloning.ts";
import { dagger } from "./dagger.ts";
import { distributionalShift } from "./distributionalShift.ts";
import { featureMatching } from "./featureMatching.ts";
import { GRID_SIZE, type LearnedReward, normalised, TRAJECTORIES } from "./grid.ts";
import { maxEnt } from "./maxEnt.ts";
import { ACTION_SIZE, STATE_SIZE } from "./navigation.ts";
import { NumpyRandom } from "./numpyRandom.ts";

export type Article = ReturnType<typeof article>;

/** Runs every listing; the result is plain JSON at full precision. */
export function article() {
  const cloning = behaviouralCloning();
  const { states, actions } = cloning.demonstrations;
  const shift = distributionalShift(cloning.policy.act);
  const result = dagger();
  return {
    behaviouralCloning: {
      seed: cloning.seed,
      nStates: states.length / STATE_SIZE,
      firstState: [...states.subarray(0, STATE_SIZE)],
      lastState: [...states.subarray(-STATE_SIZE)],
      lastAction: [...actions.subarray(-ACTION_SIZE)],
      ...parameters(cloning.policy),
      finalPosition: [...cloning.finalPosition],
    },
    distributionalShift: {
      seed: shift.seed,
      noise: shift.noise,
      cumulativeErrorAt: Object.fromEntries(
        [10, 20, 30, 40, 50].map((horizon) => [`${horizon}`, shift.cumulativeError[horizon - 1]!]),
      ),
    },
    dagger: {
      seed: result.seed,
      rounds: result.rounds,
      averageErrorPerRound: [...result.averageErrorPerRound],
      ...parameters(result.policy),
    },
    featureMatching: grids(featureMatching()),
    maxEnt: grids(maxEnt()),
    expertTrajectories: TRAJECTORIES,
    numpyRandom: numpyDraws(),
  };
}

function parameters({ weights, bias }: LinearPolicy) {
  return { weights: rows(weights, STATE_SIZE), bias: [...bias] };
}

function grids({ weights, reward }: LearnedReward) {
  return {
    weights: [...weights],
    reward: rows(reward, GRID_SIZE),
    normalisedReward: rows(normalised(reward), GRID_SIZE),
  };
}

/** A few draws, to check the generator by itself. */
function numpyDraws() {
  const uniforms = new NumpyRandom(42);
  const normals = new NumpyRandom(42);
  const choices = new NumpyRandom(7);
  const p = [0.1, 0.2, 0.3, 0.15, 0.25];
  return {
    seed42Uniform: Array.from({ length: 4 }, () => uniforms.uniform()),
    seed42Normal: Array.from({ length: 5 }, () => normals.normal()),
    seed7Choice: { p, draws: Array.from({ length: 12 }, () => choices.choice(p)) },
  };
}

function rows(flat: Float64Array, width: number): number[][] {
  return Array.from({ length: flat.length / width }, (_, row) => [
    ...flat.subarray(row * width, (row + 1) * width),
  ]);
}
