import { expect, test } from "vitest";
import { fromBounds, scaled, standardise } from "../../../shared/policies/scaling.ts";
import { dataset, gap, moves, steering } from "./data.ts";

test("observations get mean 0 and variance 1, those that never change keep their size", () => {
  const rows = [
    [1, 10, 5],
    [2, 30, 5],
    [6, 20, 5],
  ];
  const data = dataset(steering, rows, [
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  const scaling = standardise(data);
  const values = scaled(data.observations, scaling);
  for (const j of [0, 1]) {
    const column = rows.map((_, i) => values[3 * i + j]!);
    expect(column.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 12);
    expect(column.reduce((sum, x) => sum + x * x, 0) / 3).toBeCloseTo(1, 12);
  }
  expect(gap(scaled(Float64Array.of(1, 10, 7), scaling).subarray(2), [2])).toBe(0);
});

test("actions get their bounds at ±1, those with one value only stay finite", () => {
  const scaling = fromBounds(steering); // from -1 to 1, and from 0 to 3
  expect([...scaled(Float64Array.of(-1, 0, 1, 3, 0.5, 1.5), scaling)]).toEqual([
    -1, -1, 1, 1, 0.5, 0,
  ]);
  const still = fromBounds({ kind: "continuous", low: [2], high: [2] });
  expect([...scaled(Float64Array.of(2, 3), still)]).toEqual([0, 1]);
  expect(() => fromBounds(moves)).toThrow(/no bounds/);
});
