/**
 * A set of actions. In memory an action is always a row of `width(space)` numbers, so that
 * trajectories and data sets are flat arrays in every world: a continuous action is its
 * coordinates, a discrete one is its index.
 */
export type ActionSpace =
  | {
      readonly kind: "continuous";
      readonly low: readonly number[];
      readonly high: readonly number[];
    }
  | { readonly kind: "discrete"; readonly names: readonly string[] };

/** Numbers in one action row. */
export function width(space: ActionSpace): number {
  return space.kind === "continuous" ? space.low.length : 1;
}

/** Whether `row` is an action of `space`: finite and in bounds, or a whole index in range. */
export function contains(space: ActionSpace, row: ArrayLike<number>): boolean {
  if (row.length !== width(space)) return false;
  if (space.kind === "discrete") {
    const index = row[0]!;
    return Number.isInteger(index) && index >= 0 && index < space.names.length;
  }
  return space.low.every((low, i) => row[i]! >= low && row[i]! <= space.high[i]!);
}

/** Pulls a continuous action into its bounds, in place. A discrete one is left alone. */
export function clip(space: ActionSpace, action: Float64Array): void {
  if (space.kind === "discrete") return;
  for (let i = 0; i < action.length; i++) {
    action[i] = Math.min(space.high[i]!, Math.max(space.low[i]!, action[i]!));
  }
}
