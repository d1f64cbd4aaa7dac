import { describe, expect, it } from "vitest";
import { minimise } from "../../../shared/irl/minimise.ts";
import { furthest } from "./support.ts";

function rosenbrock(x: Float64Array, gradient: Float64Array): number {
  const [a, b] = [x[0]!, x[1]!];
  gradient[0] = -2 * (1 - a) - 400 * a * (b - a * a);
  gradient[1] = 200 * (b - a * a);
  return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
}

/** (x − 1)ᵀ A (x − 1) / 2 with A = [[1000, 10], [10, 1]]. */
function quadratic(x: Float64Array, gradient: Float64Array): number {
  const [a, b] = [x[0]! - 1, x[1]! - 1];
  gradient[0] = 1000 * a + 10 * b;
  gradient[1] = 10 * a + b;
  return (a * gradient[0] + b * gradient[1]) / 2;
}
/** A⁻¹, whose determinant is 900. */
const exact = Float64Array.of(1 / 900, -10 / 900, -10 / 900, 1000 / 900);

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

  it("stops at its tolerance and limit, and does not change its start", () => {
    const start = Float64Array.of(-1.2, 1);
    expect(minimise(start, rosenbrock, { tolerance: 1e-8, maxIterations: 3 }).iterations).toBe(3);
    expect([...start]).toEqual([-1.2, 1]);
    const there = minimise(Float64Array.of(1, 1), rosenbrock, {
      tolerance: 1e-8,
      maxIterations: 3,
    });
    expect(there).toMatchObject({ iterations: 0, gradientNorm: 0 });
  });

  it("reports the gradient norm that is left", () => {
    const { gradientNorm } = minimise(
      Float64Array.of(0),
      (x, gradient) => {
        gradient[0] = -1; // negated, so that the function increases along it
        return x[0]!;
      },
      { tolerance: 1e-8, maxIterations: 10 },
    );
    expect(gradientNorm).toBe(1);
  });

  it("takes a full Newton step with the inverse Hessian given", () => {
    const inverse = exact.slice();
    const stopping = { tolerance: 1e-8, maxIterations: 100 };
    const start = Float64Array.of(-40, 700);
    const newton = minimise(start, quadratic, stopping, undefined, inverse);
    expect(newton).toMatchObject({ iterations: 1, evaluations: 2 });
    expect(furthest(newton.x, [1, 1])).toBeLessThan(1e-9);
    expect(inverse).toEqual(exact);
    expect(minimise(start, quadratic, stopping).evaluations).toBeGreaterThan(5);
  });

  it("takes only Newton steps with a function for the inverse Hessian", () => {
    const stopping = { tolerance: 1e-8, maxIterations: 100 };
    const start = Float64Array.of(-1.2, 1);
    const asked: number[][] = [];
    const inverse = (x: Float64Array) => {
      asked.push([...x]);
      const [a, b] = [x[0]!, x[1]!];
      const [aa, ab, bb] = [1200 * a * a - 400 * b + 2, -400 * a, 200];
      const determinant = aa * bb - ab * ab;
      return Float64Array.of(bb, -ab, -ab, aa).map((entry) => entry / determinant);
    };
    const newton = minimise(start, rosenbrock, stopping, undefined, inverse);
    expect(furthest(newton.x, [1, 1])).toBeLessThan(1e-8);
    expect(newton.iterations).toBeLessThan(minimise(start, rosenbrock, stopping).iterations);
    // Once an iteration, at its start, and not at the trial points of the line search.
    expect(asked.length).toBe(newton.iterations);
    expect(newton.evaluations).toBeGreaterThan(newton.iterations + 1);
    expect(asked[0]).toEqual([...start]);
    expect(new Set(asked.map(String)).size).toBe(asked.length);
    const quick = minimise(Float64Array.of(-40, 700), quadratic, stopping, undefined, () => exact);
    expect(quick).toMatchObject({ iterations: 1, evaluations: 2 });
  });

  it("counts its evaluations, and returns an inverse Hessian for a similar problem to start with", () => {
    const stopping = { tolerance: 1e-8, maxIterations: 100 };
    let calls = 0;
    const counted = (x: Float64Array, gradient: Float64Array) => {
      calls++;
      return rosenbrock(x, gradient);
    };
    const { x, inverse, evaluations } = minimise(Float64Array.of(-1.2, 1), counted, stopping);
    expect(evaluations).toBe(calls);
    // At (1, 1) the Hessian is [[802, −400], [−400, 200]], whose determinant is 400.
    expect(furthest(inverse, [0.5, 1, 1, 802 / 400])).toBeLessThan(0.05);
    const near = x.map((value) => value + 1e-3);
    const again = minimise(near, rosenbrock, stopping, undefined, inverse);
    expect(again.evaluations).toBeLessThan(minimise(near, rosenbrock, stopping).evaluations);
  });

  it("rejects an inverse Hessian of the wrong size, or one that is not positive definite", () => {
    const from = (inverse: Float64Array) => () =>
      minimise(
        Float64Array.of(0, 0),
        quadratic,
        { tolerance: 1e-8, maxIterations: 9 },
        undefined,
        inverse,
      );
    expect(from(new Float64Array(3))).toThrow(/3 entries for 2 variables/);
    expect(from(exact.map((value) => -value))).toThrow(/not positive definite/);
    expect(from(Float64Array.of(Number.NaN, 0, 0, 1))).toThrow(/not positive definite/);
  });
});
