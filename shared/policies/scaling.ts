import { type ActionSpace, width } from "../spaces.ts";
import type { Dataset } from "./policy.ts";

/** A straight line for each number of a row: scaled = (value − middle) / half. */
export interface Scaling {
  readonly middle: readonly number[];
  readonly half: readonly number[];
}

/** Gives each number of an observation mean 0 and variance 1 over the data set. */
export function standardise({ n, observationSize, observations }: Dataset): Scaling {
  const middle = new Array<number>(observationSize).fill(0);
  const variance = new Array<number>(observationSize).fill(0);
  for (let i = 0; i < observations.length; i++) {
    const j = i % observationSize;
    middle[j] = middle[j]! + observations[i]! / n;
  }
  for (let i = 0; i < observations.length; i++) {
    const j = i % observationSize;
    const away = observations[i]! - middle[j]!;
    variance[j] = variance[j]! + (away * away) / n;
  }
  // A number that never changes says nothing, and is not to be blown up where it does one day.
  return { middle, half: variance.map((v) => (v > 1e-12 ? Math.sqrt(v) : 1)) };
}

/** Puts the bounds of a continuous action at ±1. */
export function fromBounds(action: ActionSpace): Scaling {
  if (action.kind !== "continuous") throw new RangeError("a discrete action has no bounds");
  const { low, high } = action;
  const indices = Array.from({ length: width(action) }, (_, k) => k);
  return {
    middle: indices.map((k) => (low[k]! + high[k]!) / 2),
    half: indices.map((k) => (high[k]! - low[k]!) / 2 || 1),
  };
}

/** All rows of `values`, flat, scaled. */
export function scaled(values: Float64Array, { middle, half }: Scaling): Float64Array {
  const size = middle.length;
  return values.map((value, i) => (value - middle[i % size]!) / half[i % size]!);
}

/** Writes one row, scaled, to the beginning of `into`. */
export function scale(row: Float64Array, { middle, half }: Scaling, into: Float64Array): void {
  for (let j = 0; j < middle.length; j++) into[j] = (row[j]! - middle[j]!) / half[j]!;
}

/** @throws RangeError where `scaling` is not for rows of `size` numbers */
export function checkScaling(scaling: Scaling, size: number): Scaling {
  if (scaling.middle.length !== size || scaling.half.length !== size) {
    throw new RangeError(`a scaling of ${size} numbers has ${size} middles and ${size} halves`);
  }
  return scaling;
}
