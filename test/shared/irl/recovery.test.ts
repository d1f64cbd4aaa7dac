import { describe, expect, it } from "vitest";
import { certaintyOf, intervalOf } from "../../../shared/irl/certainty.ts";
import {
  type Demonstration,
  type EvidenceOptions,
  evidenceOf,
  featuresOf,
  linearReward,
} from "../../../shared/irl/features.ts";
import { maxEnt, maxEntOf } from "../../../shared/irl/maxent.ts";
import type { Mdp } from "../../../shared/irl/mdp.ts";
import { expectedValueDifference } from "../../../shared/irl/scores.ts";
import { softValueIteration } from "../../../shared/irl/soft.ts";
import { startInflow, visitationFrequency } from "../../../shared/irl/visitation.ts";
import { type Random, seeded } from "../../../shared/random.ts";
import { episodes, furthest, grid, grounds, normals, sum } from "./support.ts";

const kinds = 5;
const side = 8;
const steps = 16;

function correlation(a: Float64Array, b: Float64Array): number {
  const centred = (x: Float64Array) => x.map((value) => value - sum(x) / x.length);
  const [x, y] = [centred(a), centred(b)];
  return sum(x.map((value, i) => value * y[i]!)) / Math.hypot(...x) / Math.hypot(...y);
}

/** Weights and their certainty, with the options of `inferFrom`. */
function inferred(
  model: Mdp,
  features: Float64Array,
  shown: readonly Demonstration[],
  reading: EvidenceOptions,
) {
  const options = { demonstrations: shown.length, l2: 1 / shown.length };
  const evidence = evidenceOf(model, features, kinds, shown, reading);
  const { weights } = maxEntOf(model, features, evidence, options);
  return { weights, ...certaintyOf(model, features, evidence, weights, options) };
}

describe("recovery", () => {
  const horizons: [number, number][] = [
    [0.5, steps],
    [0.9, steps],
    [1, steps],
    [0.5, Number.POSITIVE_INFINITY],
    [0.9, Number.POSITIVE_INFINITY],
  ];
  const cases = horizons.flatMap(([discount, horizon]) =>
    [0, 0.2].map((slip) => ({ discount, horizon, slip })),
  );

  it.each(cases)("recovers the taste from exact feature expectations: %o", (options) => {
    const model = grid(side, options);
    const random = seeded(1);
    const features = grounds(side * side, kinds, random);
    const truth = normals(kinds, random);
    const counts = (weights: Float64Array) => {
      const { policy } = softValueIteration(model, linearReward(features, weights), 1e-11);
      return featuresOf(features, kinds, visitationFrequency(model, policy, model.start, 1e-11));
    };
    const expert = counts(truth);
    const evidence = { features: expert, inflow: startInflow(model.start), start: model.start };
    const { weights } = maxEntOf(model, features, evidence, { l2: 0, tolerance: 1e-8 });
    expect(correlation(weights, truth)).toBeGreaterThanOrEqual(0.999);
    expect(furthest(counts(weights), expert)).toBeLessThanOrEqual(1e-6);
    // Their curvature agrees: no direction is undetermined.
    const certainty = certaintyOf(model, features, evidence, weights, {
      demonstrations: 100,
      l2: 0,
    });
    expect(certainty.undetermined).toEqual([]);
  });

  it("has a smaller expected value difference with more demonstrations", () => {
    const numbers = [1, 4, 16, 64];
    const losses = numbers.map(() => 0);
    const seeds = 12;
    for (let seed = 0; seed < seeds; seed++) {
      const random = seeded(seed);
      const model = grid(side, { slip: 0.1, discount: 0.95, horizon: steps });
      const features = grounds(side * side, kinds, random);
      const truth = linearReward(features, normals(kinds, random));
      const shown = episodes(model, truth, 64, steps, random);
      numbers.forEach((n, i) => {
        const { reward } = maxEnt(model, features, shown.slice(0, n), { outcomes: "expected" });
        losses[i]! += expectedValueDifference(model, truth, reward) / seeds;
      });
    }
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
    expect(losses[3]).toBeLessThan(losses[0]! / 4);
  });
});

describe("certainty", () => {
  /** An expert with weights drawn from the prior, in a garden of its own. */
  function player(random: Random, model: Mdp, n: number) {
    const features = grounds(side * side, kinds, random);
    const truth = normals(kinds, random);
    return {
      features,
      truth,
      shown: episodes(model, linearReward(features, truth), n, steps, random),
    };
  }

  const worlds: [string, number, Mdp, EvidenceOptions][] = [
    ["nothing left to chance", 200, grid(side, { discount: 1, horizon: steps }), {}],
    [
      "slippery",
      200,
      grid(side, { slip: 0.2, discount: 1, horizon: steps }),
      { outcomes: "expected" },
    ],
    [
      "for ever, cut short",
      60,
      grid(side, { slip: 0.2, discount: 0.8 }),
      { outcomes: "expected", evenly: true },
    ],
  ];

  it.each(worlds)(
    "has intervals that hold the true weight nine times in ten: %s",
    (_, players, model, reading) => {
      let held = 0;
      for (let seed = 0; seed < players; seed++) {
        const { features, truth, shown } = player(seeded(seed), model, 4);
        const { weights, covariance } = inferred(model, features, shown, reading);
        truth.forEach((w, k) => {
          const [low, high] = intervalOf(weights[k]!, covariance[k * (kinds + 1)]!);
          if (low <= w && w <= high) held++;
        });
      }
      const share = held / (players * kinds);
      expect(share).toBeGreaterThan(0.85);
      expect(share).toBeLessThan(0.95);
    },
  );

  it("is too narrow where chance outcomes are read as observed", () => {
    const model = grid(side, { slip: 0.5, discount: 1, horizon: steps });
    const share = (reading: EvidenceOptions) => {
      let square = 0;
      for (let seed = 0; seed < 60; seed++) {
        const { features, truth, shown } = player(seeded(seed), model, 4);
        const { weights, covariance } = inferred(model, features, shown, reading);
        square += sum(truth.map((w, k) => (w - weights[k]!) ** 2 / covariance[k * (kinds + 1)]!));
      }
      return square / 60 / kinds;
    };
    expect(share({ outcomes: "expected" })).toBeLessThan(1.3);
    expect(share({ outcomes: "observed" })).toBeGreaterThan(2);
  });

  it("agrees with a bootstrap over episodes, where the prior matters little", () => {
    const model = grid(side, { slip: 0.2, discount: 1, horizon: steps });
    const random = seeded(3);
    const { features, shown } = player(random, model, 80);
    const reading = { outcomes: "expected" } as const;
    const { covariance } = inferred(model, features, shown, reading);
    const again = Array.from({ length: 100 }, () => {
      const drawn = shown.map(() => shown[random.below(shown.length)]!);
      return maxEnt(model, features, drawn, reading).weights;
    });
    for (let k = 0; k < kinds; k++) {
      const mean = sum(again.map((w) => w[k]!)) / again.length;
      const variance = sum(again.map((w) => (w[k]! - mean) ** 2)) / (again.length - 1);
      const ratio = Math.sqrt(covariance[k * (kinds + 1)]! / variance);
      // A standard deviation from 100 draws is itself good to 7 %.
      expect(ratio).toBeGreaterThan(0.7);
      expect(ratio).toBeLessThan(1.4);
    }
  });

  it("reports grounds that always come together, and one that is nowhere, as undetermined", () => {
    const model = grid(side, { discount: 1, horizon: steps });
    for (let seed = 0; seed < 5; seed++) {
      const { features, shown } = player(seeded(seed), model, 6);
      expect(inferred(model, features, shown, {}).undetermined).toEqual([]);

      const twins = features.map((x, i) => (i % kinds === 3 ? features[i - 2]! : x));
      const [twin, ...noMore] = inferred(model, twins, shown, {}).undetermined;
      expect(noMore).toEqual([]);
      expect(Math.abs(twin![1]! - twin![3]!)).toBeCloseTo(Math.SQRT2, 9);

      const nowhere = features.map((x, i) => (i % kinds === 4 ? 0 : x));
      const { undetermined, weights, covariance } = inferred(model, nowhere, shown, {});
      expect(undetermined.length).toBe(1);
      expect(Math.abs(undetermined[0]![4]!)).toBeCloseTo(1, 9);
      expect(weights[4]).toBe(0);
      expect(covariance[24]).toBeCloseTo(1, 9); // the prior's
    }
  });
});
