import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bootstrapInterval,
  interquartileMean,
  mean,
  quantile,
} from "../../../shared/imitation/statistics.ts";
import { seeded } from "../../../shared/random.ts";

describe("interquartile mean", () => {
  test("is the mean of the middle half", () => {
    expect(interquartileMean([8, 1, 7, 2, 6, 3, 5, 4])).toBe(4.5);
    expect(interquartileMean([0, 0, 0, 100])).toBe(0);
    expect(interquartileMean([1, 2, 3, 4, 5, 6, 7, 8, 9, 100])).toBe(5.5); // 3 … 8
    expect(interquartileMean([1, 2, 6])).toBe(3); // a quarter of three is none
    expect(interquartileMean([7])).toBe(7);
  });

  test("knows no order and lies within the values", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1 }),
        (a) => {
          const value = interquartileMean(a);
          expect(interquartileMean(a.toReversed())).toBe(value);
          expect(value).toBeGreaterThanOrEqual(Math.min(...a) - 1e-12);
          expect(value).toBeLessThanOrEqual(Math.max(...a) + 1e-12);
        },
      ),
    );
  });
});

test("quantiles are those of numpy", () => {
  expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75);
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([5], 0.9)).toBe(5);
});

describe("stratified bootstrap", () => {
  test("two runs: the mean is 0, ½ or 1 in a quarter, a half and a quarter of the resamples", () => {
    const interval = (level: number) => bootstrapInterval([[0, 1]], mean, seeded(1), { level });
    expect(interval(0.95)).toEqual([0, 1]);
    expect(interval(0.4)).toEqual([0.5, 0.5]);
  });

  test("draws within each stratum, never across", () => {
    expect(bootstrapInterval([[0], [10]], mean, seeded(1))).toEqual([5, 5]);
    expect(bootstrapInterval([[0, 10]], mean, seeded(1))).toEqual([0, 10]);
    const [low, high] = bootstrapInterval(
      [
        [0, 1],
        [10, 10, 10, 10],
      ],
      mean,
      seeded(1),
    );
    expect(low).toBeCloseTo(40 / 6, 12);
    expect(high).toBeCloseTo(42 / 6, 12);
  });

  test("leaves as much out below as above", () => {
    const symmetric = Array.from({ length: 41 }, (_, i) => i - 20);
    const [low, high] = bootstrapInterval([symmetric], mean, seeded(1));
    const error = Math.sqrt(symmetric.reduce((sum, v) => sum + v * v, 0)) / symmetric.length;
    expect(low / error).toBeCloseTo(-1.96, 0);
    expect(Math.abs(low + high)).toBeLessThan(0.2 * error);
  });

  test("covers the truth about as often as it says", () => {
    const random = seeded(5);
    const trials = 400;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const people = [3, -3].map((offset) =>
        Array.from({ length: 12 }, () => offset + random.normal()),
      );
      const [low, high] = bootstrapInterval(people, mean, random, { resamples: 300 });
      if (low <= 0 && 0 <= high) covered++;
    }
    // The percentile interval of 2 × 12 normal draws is a little narrow: about 93 % and not 95 %.
    expect(covered / trials).toBeGreaterThan(0.89);
    expect(covered / trials).toBeLessThan(0.97);
  });

  test("the same seed gives the same interval, and nothing gives none", () => {
    const scores = [[1, 2, 3, 4, 9]];
    const interval = () => bootstrapInterval(scores, interquartileMean, seeded(3));
    expect(interval()).toEqual(interval());
    expect(() => bootstrapInterval([], mean, seeded(1))).toThrow(RangeError);
    expect(() => bootstrapInterval([[1], []], mean, seeded(1))).toThrow(RangeError);
  });
});
