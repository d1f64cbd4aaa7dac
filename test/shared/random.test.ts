import { describe, expect, test } from "vitest";
import { seeded } from "../../shared/random.ts";

const draws = (seed: number, stream: number, n: number) => {
  const random = seeded(seed, stream);
  return Array.from({ length: n }, () => random.uniform());
};

describe("randomness", () => {
  test("is the same for the same seed and stream, and unrelated otherwise", () => {
    expect(draws(5, 0, 10)).toEqual(draws(5, 0, 10));
    const firsts = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      for (let stream = 0; stream < 5; stream++) firsts.add(draws(seed, stream, 1)[0]!);
    }
    expect(firsts.size).toBe(1000);
    const correlation = (a: number[], b: number[]) =>
      a.reduce((sum, x, i) => sum + 12 * (x - 0.5) * (b[i]! - 0.5), 0) / a.length;
    expect(Math.abs(correlation(draws(5, 0, 5000), draws(6, 0, 5000)))).toBeLessThan(0.05);
    expect(Math.abs(correlation(draws(5, 0, 5000), draws(5, 1, 5000)))).toBeLessThan(0.05);
  });

  test("first draws under neighbouring seeds are spread evenly", () => {
    const tenths = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 5000; seed++) tenths[Math.floor(10 * draws(seed, 0, 1)[0]!)]!++;
    for (const count of tenths) expect(Math.abs(count - 500)).toBeLessThan(110); // 5 standard deviations
  });

  test("has the moments of its distributions", () => {
    const random = seeded(1);
    const n = 40_000;
    const moments = (draw: () => number) => {
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < n; i++) {
        const x = draw();
        sum += x;
        squares += x * x;
      }
      return [sum / n, squares / n] as const;
    };
    const [mean, square] = moments(random.uniform);
    expect(mean).toBeCloseTo(1 / 2, 1.9);
    expect(square).toBeCloseTo(1 / 3, 1.9);
    const [normalMean, variance] = moments(random.normal);
    expect(Math.abs(normalMean)).toBeLessThan(0.025);
    expect(Math.abs(variance - 1)).toBeLessThan(0.04);
    for (let i = 0; i < 1000; i++) expect([0, 1, 2]).toContain(random.below(3));
  });
});
