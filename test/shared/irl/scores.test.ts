import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearReward } from "../../../shared/irl/features.ts";
import { maxEnt } from "../../../shared/irl/maxent.ts";
import { mdp } from "../../../shared/irl/mdp.ts";
import { valueIteration } from "../../../shared/irl/planning.ts";
import {
  bestActionShare,
  expectedValueDifference,
  heldOutLikelihood,
  logLikelihood,
} from "../../../shared/irl/scores.ts";
import { softValueIteration } from "../../../shared/irl/soft.ts";
import { seeded } from "../../../shared/random.ts";
import { episodes, grid, grounds, normals, paths, randomMdp, sample, sum } from "./support.ts";

const finite = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  nStates: fc.integer({ min: 2, max: 6 }),
  nActions: fc.integer({ min: 1, max: 4 }),
  discount: fc.constantFrom(0.5, 0.9, 1),
  horizon: fc.integer({ min: 1, max: 6 }),
});
const infinite = finite.map((description) => ({
  ...description,
  discount: Math.min(0.95, description.discount),
  horizon: Number.POSITIVE_INFINITY,
}));

/** From the first state, action a leads to state 1 + a for ever. */
const fork = (horizon: number) =>
  mdp({
    nStates: 4,
    nActions: 3,
    transitions: (s, a) => [{ next: s === 0 ? 1 + a : s, probability: 1 }],
    start: [1, 0, 0, 0],
    discount: 0.5,
    horizon,
  });

describe("expectedValueDifference", () => {
  it("solves by hand: three ways", () => {
    const truth = Float64Array.of(9, 0, 2, 8);
    // One step, with discount 0.5.
    const of = (...reward: number[]) =>
      expectedValueDifference(fork(1), truth, Float64Array.from(reward));
    expect(of(0, 0, 0, 1)).toBe(0);
    expect(of(0, 1, 0, 0)).toBeCloseTo(4, 12);
    expect(of(0, 0, 1, 1)).toBeCloseTo(1.5, 12);
    expect(of(5, 5, 5, 5)).toBeCloseTo((8 + 6) / 3 / 2, 12);
    // A reward may prefer one of the true reward's ties; that scores no better than the best.
    const near = truth.with(2, 8 + 4e-9);
    expect(expectedValueDifference(fork(1), near, Float64Array.of(0, 0, 1, 0))).toBe(0);
  });

  it("is 0 for the true reward at any scale and offset, and never negative", () => {
    fc.assert(
      fc.property(fc.oneof(finite, infinite), (description) => {
        const model = randomMdp(description);
        const truth = normals(model.nStates, seeded(1));
        const scaled = truth.map((r) => 3 * r - 7);
        expect(expectedValueDifference(model, truth, truth)).toBe(0);
        const nothing = expectedValueDifference(model, truth, scaled);
        expect(nothing).toBeGreaterThanOrEqual(0);
        expect(nothing).toBeLessThan(1e-6);
        const other = normals(model.nStates, seeded(2));
        expect(expectedValueDifference(model, truth, other)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("is at most the difference between best and worst, which the opposite reward loses", () => {
    fc.assert(
      fc.property(fc.oneof(finite, infinite), (description) => {
        const model = randomMdp(description);
        const truth = normals(model.nStates, seeded(3));
        const best = (reward: Float64Array) => {
          const { values } = valueIteration(model, reward);
          return sum(model.start.map((p, s) => p * values[s]!));
        };
        const opposite = truth.map((r) => -r);
        const range = best(truth) + best(opposite);
        expect(expectedValueDifference(model, truth, opposite)).toBeCloseTo(range, 6);
        const other = normals(model.nStates, seeded(4));
        expect(expectedValueDifference(model, truth, other)).toBeLessThan(range + 1e-6);
      }),
    );
  });
});

describe("logLikelihood", () => {
  it("is that of the soft policy, whose mean is its negative entropy", () => {
    fc.assert(
      fc.property(
        finite.map((d) => ({ ...d, nStates: 3, nActions: 2, horizon: Math.min(4, d.horizon) })),
        (description) => {
          // Undiscounted, one start, and each action with an outcome of its own.
          const model = mdp({
            ...description,
            nStates: 5,
            discount: 1,
            transitions: (s, a) => [{ next: (s + 1 + a) % 5, probability: 1 }],
          });
          const reward = normals(5, seeded(description.seed));
          const { values } = softValueIteration(model, reward);
          let expected = 0;
          let value = 0;
          for (const path of paths(model, 0)) {
            const total = logLikelihood(model, reward, [path]).perStep * model.horizon;
            const collected = sum(path.states.map((s) => reward[s]!));
            expect(total).toBeCloseTo(collected - values[0]!, 9);
            expected += Math.exp(total);
            value += Math.exp(total) * (collected - total);
          }
          expect(expected).toBeCloseTo(1, 9);
          expect(value).toBeCloseTo(values[0]!, 9);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("is chance for a constant reward, and better for the true one", () => {
    for (const horizon of [20, Number.POSITIVE_INFINITY]) {
      const model = grid(4, { slip: 0.1, discount: 0.9, horizon });
      const reward = normals(16, seeded(5), 2);
      const shown = episodes(model, reward, 20, 20, seeded(6));
      const aimless = logLikelihood(model, new Float64Array(16), shown);
      expect(aimless.steps).toBe(400);
      expect(aimless.perStep).toBeCloseTo(aimless.chance, 9);
      const own = logLikelihood(model, reward, shown);
      expect(own.chance).toBe(aimless.chance);
      expect(own.perStep).toBeGreaterThan(own.chance + 0.1);
      expect(
        logLikelihood(
          model,
          reward.map((r) => -r),
          shown,
        ).perStep,
      ).toBeLessThan(own.chance);
    }
  });

  it.each([0, 0.2])("counts actions with the same outcomes together, slip %d", (slip) => {
    const model = grid(2, { slip, discount: 1, horizon: 3 });
    const reward = normals(4, seeded(7));
    // In the first corner up, left and stay are the same; in the last, down, right and stay.
    const ways = [0, 2, 4].map((a) =>
      logLikelihood(model, reward, [{ states: [0, 0, 1, 3], actions: [a, 3, 1] }]),
    );
    expect(ways[0]).toEqual(ways[1]);
    expect(ways[0]!.perStep).toBeCloseTo(ways[2]!.perStep, 12);
    expect(ways[0]!.chance).toBeCloseTo(Math.log((3 / 5) * (1 / 5) * (1 / 5)) / 3, 12);
    const { policy } = softValueIteration(model, reward);
    const p = (t: number, s: number, ...actions: number[]) =>
      sum(actions.map((a) => policy[(t * 4 + s) * 5 + a]!));
    expect(ways[0]!.perStep).toBeCloseTo(
      Math.log(p(0, 0, 0, 2, 4) * p(1, 0, 3) * p(2, 1, 1)) / 3,
      12,
    );
  });

  it("counts actions with other probabilities apart", () => {
    const model = mdp({
      nStates: 3,
      nActions: 3,
      transitions: (_, a) => [
        { next: 1, probability: [0.3, 0.7, 0.3][a]! },
        { next: 2, probability: [0.7, 0.3, 0.7][a]! },
      ],
      discount: 1,
      horizon: 1,
    });
    const chance = (a: number) =>
      logLikelihood(model, new Float64Array(3), [{ states: [0, 1], actions: [a] }]).chance;
    expect([chance(0), chance(1), chance(2)]).toEqual(
      [2 / 3, 1 / 3, 2 / 3].map((p) => Math.log(p)),
    );
  });

  it("skips the steps that are left out, at their own times", () => {
    const model = grid(3, { discount: 1, horizon: 3 });
    const reward = normals(9, seeded(8));
    const of = (leftOut: number[]) =>
      logLikelihood(model, reward, [{ states: [0, 1, 4, 5], actions: [3, 1, 3], leftOut }]);
    const each = [of([0, 1, 1]), of([1, 0, 1]), of([1, 1, 0])];
    expect(each.map(({ steps }) => steps)).toEqual([1, 1, 1]);
    expect(of([0, 0, 0]).perStep).toBeCloseTo(sum(each.map((e) => e.perStep)) / 3, 12);
    expect(of([0, 1, 0]).perStep).toBeCloseTo((each[0]!.perStep + each[2]!.perStep) / 2, 12);
  });

  it("rejects demonstrations that it cannot score", () => {
    const model = grid(2, { discount: 1, horizon: 2 });
    const of = (states: number[], actions?: number[], leftOut?: number[]) =>
      logLikelihood(model, new Float64Array(4), [
        { states, ...(actions && { actions }), ...(leftOut && { leftOut }) },
      ]);
    expect(() => of([0, 1])).toThrow(/demonstration 0 needs an action for each of its 1 steps/);
    expect(() => of([0, 1], [5])).toThrow(/demonstration 0, time 0: action/);
    expect(() => of([4, 1], [0])).toThrow(/demonstration 0, time 0: state/);
    expect(() => of([0, 0, 0, 0], [0, 0, 0])).toThrow(/3 steps, more than 2/);
    expect(() => of([0], [])).toThrow(/no step/);
    expect(() => of([0, 1], [3], [1])).toThrow(/no step/);
  });
});

describe("bestActionShare", () => {
  it("is 1 for the best actions, 0 for the worst, and counts ties as best", () => {
    const model = fork(2);
    const reward = Float64Array.of(0, 1, 2, 2);
    const of = (a: number) =>
      bestActionShare(model, reward, [{ states: [0, 1 + a], actions: [a] }]);
    expect([of(0), of(1), of(2)]).toEqual([0, 1, 1]);
    const walk = { states: [0, 1, 1], actions: [0, 2] };
    expect(bestActionShare(model, reward, [walk])).toBe(0.5);
    expect(bestActionShare(model, reward, [{ ...walk, leftOut: [1, 0] }])).toBe(1);
    expect(bestActionShare(model, new Float64Array(4), [walk])).toBe(1);
  });

  it("is 1 along any best policy", () => {
    for (const horizon of [10, Number.POSITIVE_INFINITY]) {
      const model = grid(4, { slip: 0.2, discount: 0.9, horizon });
      const reward = normals(16, seeded(9));
      const { policy } = valueIteration(model, reward);
      const shown = Array.from({ length: 10 }, (_, i) => sample(model, policy, 10, seeded(i)));
      expect(bestActionShare(model, reward, shown)).toBe(1);
      const opposite = reward.map((r) => -r);
      expect(bestActionShare(model, opposite, shown)).toBeLessThan(0.3);
    }
  });
});

describe("heldOutLikelihood", () => {
  const model = grid(5, { discount: 1, horizon: 12 });
  const features = grounds(25, 3, seeded(10));
  const reward = linearReward(features, Float64Array.of(1.5, -1.5, 0));

  it("scores each demonstration by the reward of the others, each step alike", () => {
    const [long] = episodes(model, reward, 1, 12, seeded(11));
    const [short] = episodes(model, reward, 1, 4, seeded(12));
    const score = heldOutLikelihood(model, features, [long!, short!], { l2: 0.3 });
    const by = (one: typeof long, other: typeof long) =>
      logLikelihood(model, maxEnt(model, features, [one!], { l2: 0.3 }).reward, [other!]);
    expect(score.steps).toBe(16);
    expect(score.perStep).toBeCloseTo(
      (4 * by(long, short).perStep + 12 * by(short, long).perStep) / 16,
      6,
    );
    expect(score.chance).toBeCloseTo(logLikelihood(model, reward, [long!, short!]).chance, 12);
  });

  it("is between chance and the fit to the scored demonstrations", () => {
    const shown = episodes(model, reward, 8, 12, seeded(13));
    const held = heldOutLikelihood(model, features, shown, {});
    const fitted = logLikelihood(model, maxEnt(model, features, shown).reward, shown);
    expect(held.perStep).toBeGreaterThan(held.chance + 0.1);
    expect(held.perStep).toBeLessThan(fitted.perStep);
    expect(held.chance).toBeCloseTo(fitted.chance, 12);
    // With a different reward for each, other demonstrations do not help.
    const whims = [1, -1].flatMap((sign) =>
      episodes(
        model,
        linearReward(features, Float64Array.of(3 * sign, 0, 0)),
        1,
        12,
        seeded(14 + sign),
      ),
    );
    const bare = heldOutLikelihood(model, features, whims, {});
    expect(bare.perStep).toBeLessThan(bare.chance);
  });

  it("rejects fewer than two demonstrations", () => {
    const shown = episodes(model, reward, 1, 12, seeded(14));
    expect(() => heldOutLikelihood(model, features, shown, {})).toThrow(/takes two/);
    expect(() => heldOutLikelihood(model, features, [], {})).toThrow(/takes two/);
  });
});
