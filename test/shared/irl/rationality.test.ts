import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mdp } from "../../../shared/irl/mdp.ts";
import { valueIteration } from "../../../shared/irl/planning.ts";
import { rationalityOf } from "../../../shared/irl/rationality.ts";
import { logLikelihood } from "../../../shared/irl/scores.ts";
import { seeded } from "../../../shared/random.ts";
import {
  discounted,
  episodes,
  furthest,
  grid,
  normals,
  paths,
  randomMdp,
  sample,
  sum,
} from "./support.ts";

/** Half of the square of the normal distribution's 95 % quantile, 1.6448536. */
const allowed = 1.3527717;

/** The log-likelihood of choosing the better of two things `good` times in n, a difference of d apart. */
const binomial = (good: number, n: number, d: number) => (beta: number) =>
  good * beta * d - n * Math.log(1 + Math.exp(beta * d));

/** From state 0 one action leads to a reward of 0, the other to one of 3. */
const choice = mdp({
  nStates: 3,
  nActions: 2,
  transitions: (_, a) => [{ next: 1 + a, probability: 1 }],
  terminals: [1, 2],
  start: [1, 0, 0],
  discount: 1,
  horizon: 1,
});
const chosen = (good: number, n: number) =>
  rationalityOf(
    choice,
    Float64Array.of(7, 0, 3),
    Array.from({ length: n }, (_, i) => {
      const a = i < good ? 1 : 0;
      return { states: [0, 1 + a], actions: [a] };
    }),
  )!;

describe("rationality", () => {
  it("solves by hand: one choice is a coin", () => {
    for (const [good, n] of [
      [9, 12],
      [6, 12],
      [2, 12],
    ] as const) {
      const { value, interval } = chosen(good, n);
      expect(value).toBeCloseTo(Math.log(good / (n - good)) / 3, 5);
      const likelihood = binomial(good, n, 3);
      for (const end of interval)
        expect(likelihood(value) - likelihood(end)).toBeCloseTo(allowed, 4);
    }
    expect(chosen(12, 12).value).toBe(Number.POSITIVE_INFINITY);
    expect(chosen(12, 12).interval[1]).toBe(Number.POSITIVE_INFINITY);
    // n log(1 + exp(−3 β)) = allowed
    expect(chosen(12, 12).interval[0]).toBeCloseTo(-Math.log(Math.expm1(allowed / 12)) / 3, 5);
    expect(chosen(0, 12).value).toBe(Number.NEGATIVE_INFINITY);
    expect(chosen(0, 12).interval[1]).toBeCloseTo(Math.log(Math.expm1(allowed / 12)) / 3, 5);
  });

  it("makes β · r as likely as no other multiple, path by path", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const model = randomMdp({
          seed,
          nStates: 5,
          nActions: 3,
          branches: 1,
          discount: 1,
          horizon: 4,
        });
        const reward = normals(5, seeded(seed + 1));
        const shown = episodes(
          model,
          reward.map((r) => 1.5 * r),
          12,
          4,
          seeded(seed + 2),
        );
        const found = rationalityOf(model, reward, shown);
        // In a deterministic world a path is as likely as exp(its reward), among those from its start.
        const ways = Array.from({ length: 5 }, (_, s) =>
          paths(model, s).map(({ states }) => discounted(states, reward, 1)),
        );
        const likelihood = (beta: number) =>
          sum(
            shown.map(({ states }) => {
              const worth = ways[states[0]!]!.map((r) => beta * r);
              const top = Math.max(...worth);
              const own = beta * discounted(states, reward, 1);
              return own - top - Math.log(sum(worth.map((r) => Math.exp(r - top))));
            }),
          );
        if (!found || !Number.isFinite(found.value)) return;
        const best = likelihood(found.value);
        for (const h of [-1e-3, 1e-3]) expect(likelihood(found.value + h)).toBeLessThan(best);
        for (const end of found.interval)
          if (Number.isFinite(end)) expect(best - likelihood(end)).toBeCloseTo(allowed, 4);
      }),
      { numRuns: 40 },
    );
  });

  it("is where the log-likelihood of the actions is greatest, also where moves slip", () => {
    const model = grid(4, { slip: 0.2, discount: 1, horizon: 8 });
    const reward = normals(16, seeded(1));
    const shown = episodes(
      model,
      reward.map((r) => 2 * r),
      10,
      8,
      seeded(2),
    );
    const { value, interval } = rationalityOf(model, reward, shown)!;
    const likelihood = (beta: number) =>
      80 *
      logLikelihood(
        model,
        reward.map((r) => beta * r),
        shown,
      ).perStep;
    for (const h of [-1e-2, 1e-2]) expect(likelihood(value + h)).toBeLessThan(likelihood(value));
    for (const end of interval) expect(likelihood(value) - likelihood(end)).toBeCloseTo(allowed, 4);
    expect(value).toBeGreaterThan(1);
    expect(value).toBeLessThan(4);
  });

  it("scales inversely with the reward", () => {
    const model = grid(4, { discount: 1, horizon: 8 });
    const reward = normals(16, seeded(3));
    const shown = episodes(model, reward, 6, 8, seeded(4));
    const one = rationalityOf(model, reward, shown)!;
    const other = rationalityOf(
      model,
      reward.map((r) => 2 * r + 5),
      shown,
    )!;
    expect(
      furthest(
        [one.value, ...one.interval],
        [other.value, ...other.interval].map((b) => 2 * b),
      ),
    ).toBeLessThan(1e-5);
  });

  it("is unbounded for who makes no mistake, and unknown where nothing could be told", () => {
    const model = grid(4, { discount: 1, horizon: 8 });
    const reward = normals(16, seeded(5));
    const { policy } = valueIteration(model, reward);
    const shown = Array.from({ length: 4 }, () => sample(model, policy, 8, seeded(6)));
    const { value, interval } = rationalityOf(model, reward, shown)!;
    expect(value).toBe(Number.POSITIVE_INFINITY);
    expect(interval[0]).toBeGreaterThan(0.5);
    expect(interval[1]).toBe(Number.POSITIVE_INFINITY);
    expect(rationalityOf(model, new Float64Array(16).fill(3), shown)).toBeNull();
  });
});
