import { expect, it } from "vitest";
import { inverseOf } from "../../../shared/irl/inverse.ts";
import { seeded } from "../../../shared/random.ts";
import { furthest, normals, times } from "./support.ts";

it("is the identity times the matrix", () => {
  for (const n of [1, 2, 5, 20]) {
    const half = normals(n * n, seeded(n));
    const transposed = half.map((_, i) => half[(i % n) * n + Math.floor(i / n)]!);
    const identity = new Float64Array(n * n).map((_, i) => (i % (n + 1) === 0 ? 1 : 0));
    const matrix = times(half, transposed, n).map((value, i) => value + 0.1 * identity[i]!);
    const inverse = inverseOf(matrix, n, 0)!;
    expect(furthest(times(matrix, inverse, n), identity)).toBeLessThan(1e-9);
    expect(inverse.every((value, i) => value === inverse[(i % n) * n + Math.floor(i / n)])).toBe(
      true,
    );
  }
});

it("is null where the matrix is not definite, or nearly not", () => {
  expect(inverseOf(Float64Array.of(1, 2, 2, 1), 2, 0)).toBeNull();
  expect(inverseOf(Float64Array.of(1, 1, 1, 1), 2, 0)).toBeNull();
  expect(inverseOf(Float64Array.of(1, 0, 0, 1e-9), 2, 1e-8)).toBeNull();
  expect(inverseOf(Float64Array.of(Number.NaN), 1, 0)).toBeNull();
});
