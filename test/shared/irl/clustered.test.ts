import { describe, expect, it } from "vitest";
import { certaintyOf } from "../../../shared/irl/certainty.ts";
import { clusteredCovariance } from "../../../shared/irl/clustered.ts";
import {
  type Demonstration,
  type EvidenceOptions,
  evidenceOf,
  linearReward,
} from "../../../shared/irl/features.ts";
import { dual, maxEntOf } from "../../../shared/irl/maxent.ts";
import { type Mdp, mdp } from "../../../shared/irl/mdp.ts";
import { seeded } from "../../../shared/random.ts";
import { ellipticalSlice } from "./ellipticalSlice.ts";
import { episodes, grid, grounds, normals, sum } from "./support.ts";

/** Both covariances around the weights found, with a prior of this deviation. */
function both(
  model: Mdp,
  features: Float64Array,
  shown: readonly Demonstration[],
  deviation: number,
  options: EvidenceOptions = { outcomes: "expected" },
) {
  const evidence = evidenceOf(model, features, features.length / model.nStates, shown, options);
  const precision = deviation ** -2;
  const prior = { demonstrations: shown.length, l2: precision / shown.length };
  const { weights, policy } = maxEntOf(model, features, evidence, { l2: prior.l2 });
  const certainty = certaintyOf(model, features, evidence, weights, prior, policy);
  const clustered = clusteredCovariance(
    model,
    features,
    shown,
    policy,
    certainty,
    precision,
    options,
  )!;
  return { weights, evidence, laplace: certainty.covariance, clustered };
}

/** From each of two states one may stay with the other, of feature 0, or of feature 1, for ever. */
const coin = mdp({
  nStates: 2,
  nActions: 2,
  transitions: (_, a) => [{ next: a, probability: 1 }],
  start: [1, 0],
  discount: 0.5,
});
const isHeads = Float64Array.of(0, 1);

/** One that throws this side so many times. */
const throws = (side: number, n: number): Demonstration => ({
  states: [0, ...Array<number>(n).fill(side)],
  actions: Array<number>(n).fill(side),
});

describe("clustered covariance", () => {
  it("solves by hand: people who all do the same thing again", () => {
    // Twelve people of whom nine like heads. Each throw is of weight 1, and heads is worth γ w more than tails.
    const people = (n: number) => Array.from({ length: 12 }, (_, i) => throws(i < 9 ? 1 : 0, n));
    for (const n of [1, 5, 20]) {
      const options = { outcomes: "expected", evenly: true } as const;
      const { laplace, clustered, weights } = both(coin, isHeads, people(n), 1e4, options);
      const d = 0.5;
      expect(weights[0]).toBeCloseTo(Math.log(3) / d, 4);
      // Of n throws each, all independent; and of twelve people, whose throws are all one.
      expect(laplace[0]! * n * 12 * d * d * 0.75 * 0.25).toBeCloseTo(1, 4);
      expect((clustered[0]! * 12 * d * d * 0.75 * 0.25 * 11) / 12).toBeCloseTo(1, 4);
    }
  });

  it("is Laplace's where the model is right and there are many demonstrations", () => {
    const model = grid(4, { slip: 0.1, discount: 1, horizon: 6 });
    const features = grounds(16, 3, seeded(1));
    const truth = Float64Array.of(0.6, -0.8, 0.5);
    const shown = episodes(model, linearReward(features, truth), 1500, 6, seeded(2));
    const { laplace, clustered } = both(model, features, shown, 3);
    for (let j = 0; j < 3; j++) {
      for (let k = 0; k < 3; k++) {
        const size = Math.sqrt(laplace[j * 3 + j]! * laplace[k * 3 + k]!);
        expect(Math.abs(clustered[j * 3 + k]! - laplace[j * 3 + k]!)).toBeLessThan(0.1 * size);
      }
    }
  });

  it("has what observed outcomes add, as the weights of many samples spread", () => {
    const model = grid(3, { slip: 0.5, discount: 1, horizon: 5 });
    const features = grounds(9, 2, seeded(5));
    const reward = linearReward(features, Float64Array.of(0.7, -0.6));
    const found = Array.from({ length: 200 }, (_, i) =>
      both(model, features, episodes(model, reward, 60, 5, seeded(100 + i)), 3, {}),
    );
    for (const k of [0, 1]) {
      const middle = sum(found.map(({ weights }) => weights[k]!)) / 200;
      const spread = sum(found.map(({ weights }) => (weights[k]! - middle) ** 2)) / 199;
      const mean = (of: (both: (typeof found)[number]) => number) => sum(found.map(of)) / 200;
      expect(mean(({ laplace }) => laplace[3 * k]!)).toBeLessThan(0.75 * spread);
      expect(mean(({ clustered }) => clustered[3 * k]!) / spread).toBeGreaterThan(0.8);
      expect(mean(({ clustered }) => clustered[3 * k]!) / spread).toBeLessThan(1.25);
    }
  });

  it("is the prior's variance where nothing is known, and nothing of one demonstration", () => {
    const features = Float64Array.of(0, 1, 1, 1); // The second feature is the same everywhere.
    const shown = [throws(1, 3), throws(0, 3), throws(1, 3)];
    const { clustered } = both(coin, features, shown, 3, { outcomes: "expected", evenly: true });
    expect(clustered[3]).toBeCloseTo(9, 6);
    const { covariance } = { covariance: new Float64Array(4) };
    const policy = new Float64Array(4).fill(0.5);
    expect(
      clusteredCovariance(coin, features, [throws(1, 3)], policy, { covariance }, 1),
    ).toBeNull();
  });
});

describe("Laplace's approximation", () => {
  it("has the mean, the spread and the 90 % of samples from the posterior", () => {
    const model = grid(4, { slip: 0.1, discount: 1, horizon: 10 });
    const features = grounds(16, 3, seeded(3));
    const shown = episodes(model, linearReward(features, normals(3, seeded(4))), 8, 10, seeded(5));
    const { weights, evidence, laplace } = both(model, features, shown, 3);
    const { evaluate } = dual(model, features, evidence, 0);
    const gradient = new Float64Array(3);
    const samples = ellipticalSlice(
      3,
      (w) => -shown.length * evaluate(w, gradient),
      weights,
      4000,
      seeded(6),
    );
    for (let k = 0; k < 3; k++) {
      const drawn = samples.map((w) => w[k]!);
      const mean = sum(drawn) / drawn.length;
      const deviation = Math.sqrt(sum(drawn.map((w) => (w - mean) ** 2)) / drawn.length);
      const expected = Math.sqrt(laplace[k * 4]!);
      expect(Math.abs(mean - weights[k]!)).toBeLessThan(0.35 * expected);
      expect(deviation / expected).toBeGreaterThan(0.85);
      expect(deviation / expected).toBeLessThan(1.2);
      const half = 1.6449 * expected;
      const held = drawn.filter((w) => Math.abs(w - weights[k]!) <= half).length / drawn.length;
      expect(held).toBeGreaterThan(0.84);
      expect(held).toBeLessThan(0.95);
    }
  });

  it("is compared with a sampler that draws a normal posterior as it is", () => {
    // A likelihood of N(w; 2, 1) with a prior of variance 4: mean 1.6, variance 0.8.
    const samples = ellipticalSlice(
      2,
      ([w]) => -((w! - 2) ** 2) / 2,
      new Float64Array(1),
      8000,
      seeded(7),
    ).map(([w]) => w!);
    const mean = sum(samples) / samples.length;
    expect(mean).toBeCloseTo(1.6, 1);
    expect(sum(samples.map((w) => (w - mean) ** 2)) / samples.length).toBeCloseTo(0.8, 1);
  });
});
