import { contains, width } from "../spaces.ts";
import type { Dataset, PolicyKind } from "./policy.ts";

/** Beyond this, squares summed over a data set lose the digits that the small numbers need. */
const largest = 1e6;

/**
 * Makes sure that `dataset` can be learned from by a policy for `actions`.
 * @throws RangeError saying in one sentence what is wrong, and where
 */
export function check(dataset: Dataset, actions: PolicyKind["actions"]): void {
  const { n, observationSize, action, observations } = dataset;
  const wide = width(action);
  if (action.kind !== actions) {
    throw new RangeError(`this policy learns ${actions} actions, and these are ${action.kind}`);
  }
  if (n === 0) throw new RangeError("there is nothing to learn from: the data set is empty");
  if (!Number.isInteger(n) || n < 0) throw new RangeError(`${n} is not a number of pairs`);
  if (!Number.isInteger(observationSize) || observationSize < 1) {
    throw new RangeError(`${observationSize} is not the size of an observation`);
  }
  if (observations.length !== n * observationSize) {
    throw new RangeError(
      `${n} observations of ${observationSize} numbers are ${n * observationSize} numbers, not ${observations.length}`,
    );
  }
  if (dataset.actions.length !== n * wide) {
    throw new RangeError(
      `${n} actions of ${wide} numbers are ${n * wide} numbers, not ${dataset.actions.length}`,
    );
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < observationSize; j++) {
      const value = observations[i * observationSize + j]!;
      if (!(Math.abs(value) <= largest)) {
        throw new RangeError(
          `observation ${i} has the number ${value}, which is not within ±${largest}`,
        );
      }
    }
    const row = dataset.actions.subarray(i * wide, (i + 1) * wide);
    const sound =
      action.kind === "discrete"
        ? contains(action, row)
        : row.every((value) => Math.abs(value) <= largest);
    if (!sound) throw new RangeError(`action ${i} is not one that can be taken: ${row.join(", ")}`);
  }
}

/** Observation and action number `i`, as views of the data set. */
export function pair(dataset: Dataset, i: number): [Float64Array, Float64Array] {
  const { observationSize: size, observations, actions } = dataset;
  const wide = width(dataset.action);
  return [
    observations.subarray(i * size, (i + 1) * size),
    actions.subarray(i * wide, (i + 1) * wide),
  ];
}

/** The mean over all pairs. @param loss of one pair */
export function meanLoss(
  dataset: Dataset,
  loss: (observation: Float64Array, action: Float64Array) => number,
): number {
  let sum = 0;
  for (let i = 0; i < dataset.n; i++) sum += loss(...pair(dataset, i));
  return sum / dataset.n;
}

export function halfSquaredError(predicted: Float64Array, action: Float64Array): number {
  return predicted.reduce((sum, value, k) => {
    const error = action[k]! - value;
    return sum + 0.5 * error * error;
  }, 0);
}
