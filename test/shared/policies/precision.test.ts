import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { solve } from "../../../shared/policies/cholesky.ts";
import { Precision } from "../../../shared/policies/precision.ts";
import {
  type FeatureMap,
  type RidgeJson,
  RidgePolicy,
  restore,
} from "../../../shared/policies/ridge.ts";
import { seeded } from "../../../shared/random.ts";
import type { ActionSpace } from "../../../shared/spaces.ts";
import { gap } from "./data.ts";

const size = 6;
const wide: ActionSpace = { kind: "continuous", low: [-1e3, -1e3], high: [1e3, 1e3] };
const identity: FeatureMap = {
  observationSize: size,
  size,
  of: (observation) => observation,
  toJSON: () => ({}),
};

type Pair = readonly [Float64Array, Float64Array];
const pairs = (n: number, seed: number): Pair[] => {
  const random = seeded(seed);
  const row = (length: number) => Float64Array.from({ length }, () => random.normal());
  return Array.from({ length: n }, () => [row(size), row(2)] as const);
};

/** (ΦᵀΦ + λI)⁻¹ Φᵀ y, from the normal equations. */
function batch(lambda: number, data: readonly Pair[], k: number): Float64Array {
  const a = new Float64Array(size * size);
  const b = new Float64Array(size);
  for (let i = 0; i < size; i++) a[i * size + i] = lambda;
  for (const [x, y] of data) {
    for (let i = 0; i < size; i++) {
      b[i]! += x[i]! * y[k]!;
      for (let j = 0; j < size; j++) a[i * size + j]! += x[i]! * x[j]!;
    }
  }
  solve(a, b);
  return b;
}

const weightsOf = (policy: RidgePolicy) => policy.weights.flatMap((row) => [...row]);
const fresh = (lambda: number) =>
  new RidgePolicy("test", wide, identity, new Precision(size, lambda));

describe("the factor", () => {
  test("times itself is I + ΦᵀΦ/λ, after rows come and go", () => {
    const precision = new Precision(size, 0.3);
    const data = pairs(12, 8).map(([row]) => row);
    for (const row of data) precision.add(row);
    for (const row of data.slice(0, 5)) precision.remove(row);
    const factor = (k: number, j: number) =>
      j < k ? 0 : precision.triangle[k * size - (k * (k - 1)) / 2 + j - k]!;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let product = 0;
        for (let k = 0; k < size; k++) product += factor(k, i) * factor(k, j);
        const sum = data.slice(5).reduce((total, row) => total + row[i]! * row[j]!, 0);
        expect(product).toBeCloseTo(sum / 0.3 + (i === j ? 1 : 0), 10);
      }
    }
  });

  test("gives the variance that the inverse gives", () => {
    const precision = new Precision(size, 0.3);
    const data = pairs(9, 9).map(([row]) => row);
    for (const row of data) precision.add(row);
    const [[place]] = pairs(1, 10) as [Pair];
    const a = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      a[i * size + i] = 0.3;
      for (let j = 0; j < size; j++) for (const row of data) a[i * size + j]! += row[i]! * row[j]!;
    }
    const solution = place.slice();
    solve(a, solution);
    const variance = 0.3 * place.reduce((sum, x, i) => sum + x * solution[i]!, 0);
    expect(precision.variance(place)).toBeCloseTo(variance, 12);
  });
});

describe("recursive least squares", () => {
  test("is ridge regression on what is left, after pairs come and go in any order", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.constantFrom(0.02, 0.3, 1),
        fc.array(fc.boolean(), { maxLength: 120 }),
        (seed, lambda, coming) => {
          const policy = fresh(lambda);
          const waiting = pairs(coming.length, seed);
          const random = seeded(seed, 1);
          let here: Pair[] = [];
          for (const comes of coming) {
            if (comes || here.length === 0) {
              const pair = waiting.pop()!;
              policy.add(...pair);
              here.push(pair);
            } else {
              const gone = here[random.below(here.length)]!;
              policy.remove(...gone);
              here = here.filter((pair) => pair !== gone);
            }
          }
          for (const k of [0, 1]) {
            const weights = weightsOf(policy).slice(k * size, (k + 1) * size);
            expect(gap(weights, batch(lambda, here, k))).toBeLessThan(1e-8);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("holds after a hundred thousand pairs", () => {
    const policy = fresh(0.02);
    const data = pairs(100_000, 1);
    for (const pair of data) policy.add(...pair);
    expect(gap(weightsOf(policy).slice(0, size), batch(0.02, data, 0))).toBeLessThan(1e-8);
  });

  test("goes back to nothing when all is taken back", () => {
    const policy = fresh(0.02);
    const data = pairs(30, 3);
    for (const pair of data) policy.add(...pair);
    for (const pair of data) policy.remove(...pair);
    expect(gap(weightsOf(policy), new Float64Array(2 * size))).toBeLessThan(1e-8);
    expect(policy.uncertainty(data[0]![0])).toBeCloseTo(1, 8);
  });

  test("goes on from JSON as if nothing had happened", () => {
    const policy = fresh(0.02);
    const [first, second, ...rest] = pairs(10, 4);
    for (const pair of rest) policy.add(...pair);
    const copy = restore(JSON.parse(JSON.stringify(policy.toJSON())) as RidgeJson, identity);
    for (const each of [policy, copy]) {
      each.add(...first!);
      each.add(...second!);
      each.remove(...rest[0]!);
    }
    expect(copy.toJSON()).toEqual(policy.toJSON());
  });

  test("refuses to take back what was never added, and stays as it was", () => {
    const policy = fresh(0.02);
    const [pair, other] = pairs(2, 5);
    expect(() => policy.remove(...pair!)).toThrow(/never added/);
    policy.add(...pair!);
    const before = JSON.stringify(policy.toJSON());
    expect(() => policy.remove(...other!)).toThrow(RangeError);
    expect(JSON.stringify(policy.toJSON())).toBe(before);
  });
});

describe("uncertainty", () => {
  test("of a place seen n times and nothing else is λ / (n + λ)", () => {
    const precision = new Precision(3, 0.5);
    const place = Float64Array.of(0, 1, 0);
    const elsewhere = Float64Array.of(0, 0, 1);
    for (let n = 0; n < 6; n++) {
      expect(precision.uncertainty(place)).toBeCloseTo(0.5 / (n + 0.5), 12);
      expect(precision.uncertainty(elsewhere)).toBe(1);
      precision.add(place);
    }
  });

  test("of a place without features is the mean over all directions", () => {
    const precision = new Precision(3, 0.5);
    const nowhere = new Float64Array(3);
    expect(precision.uncertainty(nowhere)).toBe(1);
    precision.add(Float64Array.of(0, 1, 0));
    expect(precision.uncertainty(nowhere)).toBeCloseTo((1 + 1 / 3 + 1) / 3, 12);
  });

  test("does not depend on how long the feature row is", () => {
    const precision = new Precision(size, 0.1);
    for (const [features] of pairs(4, 6)) precision.add(features);
    const [place] = pairs(1, 7)[0]!;
    const uncertainty = precision.uncertainty(place);
    expect(uncertainty).toBeGreaterThan(0.05);
    expect(uncertainty).toBeLessThan(0.95);
    for (const length of [0.01, 5]) {
      expect(precision.uncertainty(place.map((x) => length * x))).toBeCloseTo(uncertainty, 12);
    }
  });
});
