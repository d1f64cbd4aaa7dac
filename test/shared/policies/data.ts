import type { Dataset } from "../../../shared/policies/policy.ts";
import { seeded } from "../../../shared/random.ts";
import type { ActionSpace } from "../../../shared/spaces.ts";

export const steering: ActionSpace = { kind: "continuous", low: [-1, 0], high: [1, 3] };
export const moves: ActionSpace = { kind: "discrete", names: ["up", "down", "left"] };

/** A data set from rows of observations and actions. */
export function dataset(
  action: ActionSpace,
  observations: readonly (readonly number[])[],
  actions: readonly (readonly number[])[],
): Dataset {
  return {
    n: observations.length,
    observationSize: observations[0]?.length ?? 3,
    action,
    observations: Float64Array.from(observations.flat()),
    actions: Float64Array.from(actions.flat()),
  };
}

/** Observations of 3 numbers within ±1, and what a simple expert does there. */
export function taught(action: ActionSpace, n: number, seed: number): Dataset {
  const random = seeded(seed);
  const observations = Array.from({ length: n }, () =>
    Array.from({ length: 3 }, () => 2 * random.uniform() - 1),
  );
  return dataset(
    action,
    observations,
    observations.map(([x, y, z]) =>
      action.kind === "discrete" ? [x! > 0.3 ? 0 : y! > 0 ? 1 : 2] : [0.5 * x! * y!, 1.5 + z!],
    ),
  );
}

/** A row of ones and zeros, with its one at `i`. */
export function oneHot(i: number, size: number): number[] {
  return Array.from({ length: size }, (_, j) => (i === j ? 1 : 0));
}

/** The numerical gradient of `f` at `x`, by central differences. */
export function differences(f: (x: Float64Array) => number, x: Float64Array): Float64Array {
  const h = 1e-3;
  return x.map((value, i) => {
    const at = (offset: number) => {
      const moved = x.slice();
      moved[i] = value + offset;
      return f(moved);
    };
    // Of fourth order: where a loss bends sharply, two points a side are a thousand times nearer.
    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
  });
}

/** Largest difference between two rows. */
export function gap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    most = Number.isNaN(difference) ? Number.NaN : Math.max(most, difference);
  }
  return most;
}
