import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bootstrapInterval,
  interquartileMean,
  mean,
  median,
  medianInterval,
  quantile,
  signTest,
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

describe("the median", () => {
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => n - i);

  test("is the middle value, or between the two in the middle", () => {
    expect(median([9, 1, 2])).toBe(2);
    expect(median([9, 1, 2, 4])).toBe(3);
    expect(median([])).toBeNaN();
  });

  test("has the interval of published tables", () => {
    // Conover 1999, "Practical Nonparametric Statistics", from the binomial distribution.
    expect(medianInterval(upTo(20))).toEqual([6, 15]);
    expect(medianInterval(upTo(10))).toEqual([2, 9]);
    expect(medianInterval(upTo(6))).toEqual([1, 6]);
    expect(medianInterval(upTo(100))).toEqual([40, 61]);
    expect(medianInterval(upTo(20), 0.99)).toEqual([4, 17]);
  });

  test("has all values for its interval where they are few", () => {
    expect(medianInterval(upTo(5))).toEqual([1, 5]);
    expect(medianInterval([7])).toEqual([7, 7]);
    expect(() => medianInterval([])).toThrow(RangeError);
  });

  test("is in its interval as often as it says, and hardly more often", () => {
    const random = seeded(3);
    let held = 0;
    for (let run = 0; run < 20_000; run++) {
      const values = Array.from({ length: 20 }, () => random.uniform() ** 3);
      const [low, high] = medianInterval(values);
      if (low <= 1 / 8 && 1 / 8 <= high) held++;
    }
    expect(held / 20_000).toBeCloseTo(0.9586, 2);
  });
});

describe("the sign test", () => {
  const ahead = (more: number, less: number, ties = 0) => {
    const signs = [more, less, ties].flatMap((n, i) => Array<number>(n).fill([1, -1, 0][i]!));
    return signTest(
      signs.map((sign) => 5 + sign * 0.1),
      signs.map(() => 5),
    );
  };

  test("is the upper tail of the binomial distribution", () => {
    expect(ahead(2, 0)).toBeCloseTo(1 / 4, 12);
    expect(ahead(2, 1)).toBeCloseTo(4 / 8, 12);
    expect(ahead(15, 5)).toBeCloseTo(0.0207, 4);
    expect(ahead(0, 3)).toBe(1);
  });

  test("leaves ties out, and says nothing where there are only ties", () => {
    expect(ahead(15, 5, 9)).toBe(ahead(15, 5));
    expect(ahead(0, 0, 4)).toBe(1);
  });
});
