import { expect, it } from "vitest";
import { withoutConflicts } from "../../../shared/imitation/conflicts.ts";
import type { Dataset } from "../../../shared/policies/policy.ts";

/** Pairs [observation, action], actions from −1 to 1. */
const teacher = (...pairs: readonly (readonly [number, number])[]): Dataset => ({
  n: pairs.length,
  observationSize: 1,
  action: { kind: "continuous", low: [-1], high: [1] },
  observations: Float64Array.from(pairs, ([x]) => x),
  actions: Float64Array.from(pairs, ([, a]) => a),
});

it("leaves out what a better teacher contradicts in the same place, and nothing else", () => {
  const good = teacher([0, 0.5], [1, 0]);
  // In the same place another action, and one that is nearly the same; and another one far away.
  const poor = teacher([0.01, -0.5], [1.01, 0.1], [2, 1]);
  expect(withoutConflicts([good, poor], [2, 1]).map((kept) => [...kept])).toEqual([
    [1, 1],
    [0, 1, 1],
  ]);
  expect(withoutConflicts([good, poor], [1, 2]).map((kept) => [...kept])).toEqual([
    [0, 1],
    [1, 1, 1],
  ]);
  // Nobody is better than who is as good.
  expect(withoutConflicts([good, poor], [1, 1]).map((kept) => [...kept])).toEqual([
    [1, 1],
    [1, 1, 1],
  ]);
});
