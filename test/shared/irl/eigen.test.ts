import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { composed, eigen } from "../../../shared/irl/eigen.ts";
import { seeded } from "../../../shared/random.ts";
import { furthest, sum } from "./support.ts";

function symmetric(n: number, seed: number): Float64Array {
  const random = seeded(seed);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = random.normal();
  return matrix;
}

describe("eigen", () => {
  it("gives orthonormal vectors that the matrix only stretches, and that make it up", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 1e6 }), (n, seed) => {
        const matrix = symmetric(n, seed);
        const { values, vectors } = eigen(matrix, n);
        vectors.forEach((vector, i) => {
          const image = vector.map((_, j) => sum(vector.map((x, k) => x * matrix[j * n + k]!)));
          expect(
            furthest(
              image,
              vector.map((x) => values[i]! * x),
            ),
          ).toBeLessThan(1e-12 * n);
          vectors.forEach((other, j) => {
            const inner = sum(vector.map((x, k) => x * other[k]!));
            expect(inner).toBeCloseTo(i === j ? 1 : 0, 12);
          });
        });
        expect(furthest(composed(values, vectors), matrix)).toBeLessThan(1e-12 * n);
      }),
    );
  });

  it("leaves a coordinate that is mixed with no other as it is", () => {
    const matrix = Float64Array.of(2, 0, 1, 0, 5, 0, 1, 0, 3);
    const { values, vectors } = eigen(matrix, 3);
    expect(vectors[1]).toEqual(Float64Array.of(0, 1, 0));
    expect(values[1]).toBe(5);
  });
});
