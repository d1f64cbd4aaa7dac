import { exp, log } from "../arithmetic.ts";
import { type ActionSpace, clip, width } from "../spaces.ts";
import { fromBounds, scaled } from "./scaling.ts";

/** What a network's outputs mean: how wrong they are about an action, and which action they are. */
export interface Head {
  /** Numbers that the network puts out. */
  readonly nOutputs: number;
  /** Numbers in a row of targets. */
  readonly nTargets: number;
  /** What the outputs are to be compared with, [n][nTargets], from actions [n][width]. */
  targets(actions: Float64Array): Float64Array;
  /**
   * The mean loss of `n` rows as training sees it, in scaled units.
   * @param outputs [n][nOutputs]
   * @param targets [n][nTargets]
   * @param slopes [n][nOutputs], overwritten with the mean loss's gradient with respect to `outputs`
   */
  descend(outputs: Float64Array, targets: Float64Array, n: number, slopes: Float64Array): number;
  /** The loss of one pair, in the units of the action. */
  loss(output: Float64Array, action: Float64Array): number;
  /** Writes the action that one row of outputs stands for. */
  act(output: Float64Array, action: Float64Array): void;
}

/** Half the squared error. The outputs are the action, with its bounds at ±1. */
export function squared(action: ActionSpace): Head {
  const size = width(action);
  const range = fromBounds(action);
  return {
    nOutputs: size,
    nTargets: size,
    targets: (actions) => scaled(actions, range),
    descend(outputs, targets, n, slopes) {
      let loss = 0;
      for (let i = 0; i < n * size; i++) {
        const error = outputs[i]! - targets[i]!;
        slopes[i] = error / n;
        loss += (0.5 * error * error) / n;
      }
      return loss;
    },
    loss(output, expert) {
      let loss = 0;
      for (let k = 0; k < size; k++) {
        const error = range.middle[k]! + range.half[k]! * output[k]! - expert[k]!;
        loss += 0.5 * error * error;
      }
      return loss;
    },
    act(output, row) {
      for (let k = 0; k < size; k++) row[k] = range.middle[k]! + range.half[k]! * output[k]!;
      clip(action, row);
    },
  };
}

/** Bounds of log σ², for an action with its bounds at ±1: σ from 0.01 to 1. */
const least = 2 * log(0.01);
const most = 0;

/** log σ², held between its bounds by a logistic curve, whose slope never vanishes as a clip's does. */
const logVariance = (output: number) => least + (most - least) / (1 + exp(-output));

/**
 * The negative logarithm of a Gaussian density whose mean and variance both depend on the observation
 * (Nix & Weigend 1994): means first, then one number for each log-variance. Acts by the mean.
 */
export function gaussian(action: ActionSpace): Head & {
  /** Writes the standard deviation of the expert's action, in its units. */
  deviation(output: Float64Array, row: Float64Array): void;
} {
  const size = width(action);
  const range = fromBounds(action);
  const mean = squared(action);
  return {
    nOutputs: 2 * size,
    nTargets: size,
    targets: mean.targets,
    descend(outputs, targets, n, slopes) {
      let loss = 0;
      for (let r = 0; r < n; r++) {
        for (let k = 0; k < size; k++) {
          const at = 2 * r * size + k;
          const error = outputs[at]! - targets[r * size + k]!;
          const spread = logVariance(outputs[at + size]!);
          const precision = exp(-spread);
          const square = error * error * precision;
          loss += (0.5 * (square + spread + log(2 * Math.PI))) / n;
          slopes[at] = (error * precision) / n;
          const slope = ((spread - least) * (most - spread)) / (most - least);
          slopes[at + size] = (0.5 * (1 - square) * slope) / n;
        }
      }
      return loss;
    },
    loss(output, expert) {
      let loss = 0;
      for (let k = 0; k < size; k++) {
        const half = range.half[k]!;
        const error = (range.middle[k]! + half * output[k]! - expert[k]!) / half;
        const spread = logVariance(output[size + k]!);
        loss += 0.5 * (error * error * exp(-spread) + spread + log(2 * Math.PI * half * half));
      }
      return loss;
    },
    act: mean.act,
    deviation(output, row) {
      for (let k = 0; k < size; k++) {
        row[k] = range.half[k]! * exp(0.5 * logVariance(output[size + k]!));
      }
    },
  };
}

/** −log p(action) for p ∝ exp(output), nats. Acts greedily, by the first of equally likely actions. */
export function crossEntropy(action: ActionSpace): Head {
  if (action.kind !== "discrete") throw new RangeError("cross-entropy is for discrete actions");
  const size = action.names.length;
  return {
    nOutputs: size,
    nTargets: 1,
    targets: (actions) => actions,
    descend(outputs, targets, n, slopes) {
      let loss = 0;
      for (let r = 0; r < n; r++) {
        const at = r * size;
        const label = at + targets[r]!;
        const total = logSumExp(outputs, at, size);
        for (let i = at; i < at + size; i++) {
          slopes[i] = (exp(outputs[i]! - total) - (i === label ? 1 : 0)) / n;
        }
        loss += (total - outputs[label]!) / n;
      }
      return loss;
    },
    loss: (output, expert) => logSumExp(output, 0, size) - output[expert[0]!]!,
    act(output, row) {
      let best = 0;
      for (let a = 1; a < size; a++) if (output[a]! > output[best]!) best = a;
      row[0] = best;
    },
  };
}

/** log Σ exp of `size` numbers from `at` on. */
function logSumExp(values: Float64Array, at: number, size: number): number {
  let most = values[at]!;
  for (let i = at + 1; i < at + size; i++) most = Math.max(most, values[i]!);
  let sum = 0;
  for (let i = at; i < at + size; i++) sum += exp(values[i]! - most);
  return most + log(sum);
}
