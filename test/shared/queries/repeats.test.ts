import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { askedBefore, withRepeats } from "../../../shared/queries/repeats.ts";
import { seeded } from "../../../shared/random.ts";

type Query = readonly [number, number];
const states = (n: number): Query[] => Array.from({ length: n }, (_, i) => [i % 3, 7 * i]);
const setting = fc.record({
  n: fc.integer({ min: 0, max: 130 }),
  budget: fc.integer({ min: 1, max: 45 }),
  share: fc.constantFrom(0.02, 0.1, 0.2),
  seed: fc.integer({ min: 0, max: 1e6 }),
});
const repeatsAmong = (list: readonly Query[]) =>
  list.flatMap((_, i) => {
    const first = askedBefore(list, i);
    return first === null ? [] : [{ first, again: i }];
  });

describe("repeats", () => {
  test("leave every state in, once more at most, in the order of its rank", () => {
    fc.assert(
      fc.property(setting, ({ n, budget, share, seed }) => {
        const list = withRepeats(states(n), budget, share, seeded(seed));
        expect(list.filter((_, i) => askedBefore(list, i) === null)).toEqual(states(n));
        const firsts = repeatsAmong(list).map(({ first }) => first);
        expect(new Set(firsts).size).toBe(firsts.length);
      }),
    );
  });

  test("come at least three questions after the first time", () => {
    fc.assert(
      fc.property(setting, ({ n, budget, share, seed }) => {
        for (const { first, again } of repeatsAmong(
          withRepeats(states(n), budget, share, seeded(seed)),
        ))
          expect(again - first).toBeGreaterThanOrEqual(3);
      }),
    );
  });

  test("are a tenth of each portion, one at least from five questions on, and none before", () => {
    fc.assert(
      fc.property(setting, ({ n, budget, seed }) => {
        const list = withRepeats(states(n), budget, 0.1, seeded(seed));
        for (let start = 0; start < list.length; start += budget) {
          const end = Math.min(list.length, start + budget);
          const size = end - start;
          const repeats = repeatsAmong(list).filter(({ again }) => again >= start && again < end);
          expect(repeats.length).toBe(size < 5 ? 0 : Math.max(1, Math.round(size / 10)));
        }
      }),
    );
  });

  test.each([
    [8, 1],
    [12, 1],
    [20, 2],
    [40, 4],
  ])("a portion of %i is full, with %i repeats in it", (budget, repeats) => {
    const portion = withRepeats(states(3 * budget), budget, 0.1, seeded(5)).slice(0, budget);
    expect(portion.length).toBe(budget);
    expect(repeatsAmong(portion).length).toBe(repeats);
  });

  test("are one at least, however small their share", () => {
    expect(repeatsAmong(withRepeats(states(12), 12, 0.02, seeded(5))).length).toBe(1);
  });

  test("are not where nobody asked for them", () => {
    expect(withRepeats(states(30), 12, 0, seeded(1))).toEqual(states(30));
  });

  test("are the same for the same seed, and at other places for another", () => {
    const of = (seed: number) => withRepeats(states(40), 40, 0.1, seeded(seed));
    expect(of(3)).toEqual(of(3));
    const places = Array.from({ length: 20 }, (_, seed) => repeatsAmong(of(seed))[0]!.again);
    expect(new Set(places).size).toBeGreaterThan(3);
  });
});
