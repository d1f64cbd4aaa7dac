import { describe, expect, it } from "vitest";
import { minimise } from "../../../shared/irl/bfgs.ts";
import { furthest } from "./support.ts";

function rosenbrock(x: Float64Array, gradient: Float64Array): number {
  const [a, b] = [x[0]!, x[1]!];
  gradient[0] = -2 * (1 - a) - 400 * a * (b - a * a);
  gradient[1] = 200 * (b - a * a);
  return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
}

describe("minimise", () => {
  it("finds the end of Rosenbrock's valley", () => {
    const seen: number[] = [];
    const { x, value, gradientNorm, iterations } = minimise(
      Float64Array.of(-1.2, 1),
      rosenbrock,
      { tolerance: 1e-8, maxIterations: 100 },
      (norm) => seen.push(norm),
    );
    expect(furthest(x, [1, 1])).toBeLessThan(1e-8);
    expect(value).toBeLessThan(1e-16);
    expect(gradientNorm).toBeLessThanOrEqual(1e-8);
    expect(iterations).toBeLessThan(60);
    expect(seen.length).toBe(iterations + 1);
    expect(seen.at(-1)).toBe(gradientNorm);
  });

  it("copes with scales a million times apart", () => {
    const scales = [1e3, 1, 1e-3];
    const { x } = minimise(
      Float64Array.of(1, 1, 1),
      (at, gradient) => {
        let value = 0;
        scales.forEach((scale, i) => {
          gradient[i] = scale * (at[i]! - i);
          value += (scale / 2) * (at[i]! - i) ** 2;
        });
        return value;
      },
      { tolerance: 1e-9, maxIterations: 100 },
    );
    expect(furthest(x, [0, 1, 2])).toBeLessThan(1e-5);
  });

  it("stops where it is told to, and leaves its start alone", () => {
    const start = Float64Array.of(-1.2, 1);
    expect(minimise(start, rosenbrock, { tolerance: 1e-8, maxIterations: 3 }).iterations).toBe(3);
    expect([...start]).toEqual([-1.2, 1]);
    const there = minimise(Float64Array.of(1, 1), rosenbrock, {
      tolerance: 1e-8,
      maxIterations: 3,
    });
    expect(there).toMatchObject({ iterations: 0, gradientNorm: 0 });
  });

  it("reports a gradient that it could not bring down", () => {
    const { gradientNorm } = minimise(
      Float64Array.of(0),
      (x, gradient) => {
        gradient[0] = -1; // wrong: the function rises
        return x[0]!;
      },
      { tolerance: 1e-8, maxIterations: 10 },
    );
    expect(gradientNorm).toBe(1);
  });
});
