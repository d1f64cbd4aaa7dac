import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { featureMatching } from "../../../shared/irl/featureMatching.ts";
import { featuresOf, linearReward } from "../../../shared/irl/features.ts";
import { absorbing, type Mdp, mdp } from "../../../shared/irl/mdp.ts";
import { valueIteration } from "../../../shared/irl/planning.ts";
import { startInflow, visitationFrequency, visitsFrom } from "../../../shared/irl/visitation.ts";
import { seeded } from "../../../shared/random.ts";
import {
  discounted,
  episodes,
  furthest,
  grid,
  grounds,
  normals,
  randomMdp,
  sample,
  sum,
} from "./support.ts";

const length = (x: ArrayLike<number>) => Math.hypot(...Array.from(x));
const distance = (a: Float64Array, b: Float64Array) => length(a.map((x, i) => x - b[i]!));

/** Features [k] of the best policy for a reward, from a start distribution [s]. */
function ownFeatures(
  model: Mdp,
  features: Float64Array,
  reward: Float64Array,
  start: Float64Array,
) {
  const { policy } = valueIteration(model, reward);
  return featuresOf(
    features,
    features.length / model.nStates,
    visitationFrequency(model, policy, start),
  );
}

describe("featureMatching", () => {
  const horizons = [
    [0.5, 15],
    [0.9, 15],
    [1, 15],
    [0.5, Number.POSITIVE_INFINITY],
    [0.9, Number.POSITIVE_INFINITY],
  ] as const;

  it.each(horizons)(
    "finds a reward of an optimal expert: discount %d, horizon %d",
    (discount, horizon) => {
      const model = grid(5, { discount, horizon });
      for (let seed = 0; seed < 5; seed++) {
        const random = seeded(seed);
        const features = normals(25 * 3, random);
        const reward = linearReward(features, normals(3, random));
        const { policy } = valueIteration(model, reward);
        const steps = Number.isFinite(horizon) ? horizon : 300;
        const demonstrations = Array.from({ length: 4 }, () =>
          sample(model, policy, steps, random),
        );
        const match = featureMatching(model, features, demonstrations);
        const { weights, expertFeatures } = match;
        expect(length(weights)).toBeCloseTo(1, 12);
        expect(furthest(match.reward, linearReward(features, weights))).toBe(0);
        // The expert's own features, its best policy being one of the learner's.
        const start = new Float64Array(25);
        for (const { states } of demonstrations) start[states[0]!]! += 1 / 4;
        expect(distance(expertFeatures, ownFeatures(model, features, reward, start))).toBeLessThan(
          1e-6,
        );
        expect(match.gap).toBeLessThan(0.05 * length(expertFeatures));
        expect(distance(expertFeatures, match.learnerFeatures)).toBeCloseTo(match.gap, 12);
        const own = ownFeatures(model, features, match.reward, start);
        const aimless = ownFeatures(model, features, new Float64Array(25), start);
        expect(distance(expertFeatures, own)).toBeLessThan(0.2 * distance(expertFeatures, aimless));
      }
    },
  );

  it("comes nearer with each iteration", () => {
    const model = grid(5, { slip: 0.1, discount: 0.95, horizon: 20 });
    const random = seeded(3);
    const features = grounds(25, 4, random);
    const shown = episodes(model, linearReward(features, normals(4, random, 2)), 10, 20, random);
    const matches = Array.from({ length: 32 }, (_, i) =>
      featureMatching(model, features, shown, { maxIterations: i + 1 }),
    );
    const gaps = matches.map(({ gap }) => gap);
    expect(gaps).toEqual(gaps.toSorted((a, b) => b - a));
    expect(gaps.at(-1)).toBeLessThan(0.2 * gaps[0]!);
    // So does the best policy for the weights alone, unlike that for the last weights tried.
    const start = new Float64Array(25);
    for (const { states } of shown) start[states[0]!]! += 1 / shown.length;
    const alone = matches.map(({ expertFeatures, reward }) =>
      distance(expertFeatures, ownFeatures(model, features, reward, start)),
    );
    expect(alone).toEqual(alone.toSorted((a, b) => b - a));
  });

  it("ends at the nearest mixture where the model cannot match the expert", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const model = randomMdp({
          seed,
          nStates: 3,
          nActions: 2,
          discount: 0.8,
          horizon: Number.POSITIVE_INFINITY,
        });
        const features = normals(3 * 2, seeded(seed));
        // An impossible step, and no end.
        const states = [0, 2, 2, 1, 2];
        const { gap, expertFeatures } = featureMatching(model, features, [{ states }], {
          tolerance: 1e-3,
          maxIterations: 10_000,
        });
        const start = startInflow(Float64Array.of(1, 0, 0));
        const corners = Array.from({ length: 8 }, (_, i) => {
          const policy = Float64Array.from({ length: 6 }, (_, row) =>
            ((i >> Math.floor(row / 2)) & 1) === row % 2 ? 1 : 0,
          );
          return featuresOf(features, 2, visitsFrom(model, policy, start));
        });
        // In the plane: the distance to the nearest edge between any two, or within.
        const edges = corners.flatMap((a) => corners.map((b) => toSegment(expertFeatures, a, b)));
        const inside = corners.some((a) =>
          corners.some((b) => corners.some((c) => within(expertFeatures, a, b, c))),
        );
        const least = inside ? 0 : Math.min(...edges);
        expect(gap).toBeGreaterThan(least - 1e-5);
        expect(gap).toBeLessThan(least + 2e-3);
      }),
      { numRuns: 20 },
    );
  });

  it("takes an absorbing end for staying there up to the horizon, or for ever", () => {
    for (const horizon of [9, Number.POSITIVE_INFINITY]) {
      const discount = horizon === 9 ? 1 : 0.9;
      const model = absorbing(grid(3, { terminals: [8], discount, horizon }));
      const features = normals(9 * 2, seeded(4));
      const states = [0, 1, 2, 5, 8];
      const stayed = [...states, ...Array(horizon === 9 ? 5 : 400).fill(8)];
      const column = (k: number) => features.filter((_, i) => i % 2 === k);
      const expected = [0, 1].map((k) => discounted(stayed, column(k), discount));
      const match = featureMatching(model, features, [{ states }]);
      expect(furthest(match.expertFeatures, expected)).toBeLessThan(1e-9);
      const padded = featureMatching(model, features, [{ states: stayed }]);
      expect(furthest(match.weights, padded.weights)).toBeLessThan(1e-6);
      // Nothing is added in other states, or after a terminal.
      const short = featureMatching(model, features, [{ states: [0, 1, 2] }]);
      const counted = [0, 1].map((k) => discounted([0, 1, 2], column(k), discount));
      expect(furthest(short.expertFeatures, counted)).toBeLessThan(1e-12);
      const ends = grid(3, { terminals: [8], discount, horizon });
      const ended = featureMatching(ends, features, [{ states }]);
      const visited = [0, 1].map((k) => discounted(states, column(k), discount));
      expect(furthest(ended.expertFeatures, visited)).toBeLessThan(1e-12);
    }
  });

  it("counts steps that are left out, and starts where the demonstrations do", () => {
    const model = grid(3, { discount: 1, horizon: 4 });
    const features = normals(9 * 2, seeded(5));
    const states = [4, 5, 8, 8, 8];
    const plain = featureMatching(model, features, [{ states }]);
    expect(featureMatching(model, features, [{ states, leftOut: [1, 1, 0, 0] }])).toEqual(plain);
    const elsewhere = mdp({
      nStates: 9,
      nActions: 5,
      transitions: (s, a) => [{ next: model.next[model.offsets[s * 5 + a]!]!, probability: 1 }],
      start: [1, 0, 0, 0, 0, 0, 0, 0, 0],
      discount: 1,
      horizon: 4,
    });
    expect(featureMatching(elsewhere, features, [{ states }])).toEqual(plain);
  });

  it("has weights of 0 where the uniform policy matches the expert", () => {
    const model = grid(3, { discount: 0.9 });
    const match = featureMatching(model, new Float64Array(18).fill(0.5), [
      { states: Array(300).fill(4) },
    ]);
    expect([...match.weights]).toEqual([0, 0]);
    expect(match.iterations).toBe(0);
    expect(match.gap).toBeLessThan(1e-5);
    expect(sum(match.reward)).toBe(0);
  });

  it("rejects invalid features and demonstrations", () => {
    const model = grid(2, { discount: 0.9, horizon: 3 });
    const features = new Float64Array(4);
    expect(() => featureMatching(model, new Float64Array(7), [{ states: [0] }])).toThrow(
      /7 features/,
    );
    expect(() => featureMatching(model, features.with(2, Number.NaN), [{ states: [0] }])).toThrow(
      /finite/,
    );
    expect(() => featureMatching(model, features, [])).toThrow(/no demonstration/);
    expect(() => featureMatching(model, features, [{ states: [0, 4] }])).toThrow(
      /demonstration 0, time 1/,
    );
    expect(() => featureMatching(model, features, [{ states: [0, 0, 0, 0, 0] }])).toThrow(
      /4 steps, more than 3/,
    );
  });
});

/** Distance from a point of the plane to the segment from a to b. */
function toSegment(point: Float64Array, a: Float64Array, b: Float64Array): number {
  const along = b.map((x, i) => x - a[i]!);
  const square = sum(along.map((x) => x * x));
  const share = square === 0 ? 0 : sum(along.map((x, i) => x * (point[i]! - a[i]!))) / square;
  const held = Math.min(1, Math.max(0, share));
  return distance(
    point,
    a.map((x, i) => x + held * along[i]!),
  );
}

/** Whether a point of the plane is within the triangle a, b, c. */
function within(point: Float64Array, a: Float64Array, b: Float64Array, c: Float64Array): boolean {
  const side = (p: Float64Array, q: Float64Array) =>
    (q[0]! - p[0]!) * (point[1]! - p[1]!) - (q[1]! - p[1]!) * (point[0]! - p[0]!);
  const sides = [side(a, b), side(b, c), side(c, a)];
  return sides.every((x) => x > 0) || sides.every((x) => x < 0);
}
