import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  beliefAbout,
  mostInformativeStart,
  sigmaPoints,
  tileBeliefs,
  tileReward,
  verdictOn,
  weightBeliefs,
} from "../../../shared/irl/belief.ts";
import { linearReward } from "../../../shared/irl/features.ts";
import { modelOf } from "../../../shared/irl/lattice.ts";
import { inferFrom } from "../../../shared/irl/reward.ts";
import { softValueIteration } from "../../../shared/irl/soft.ts";
import { seeded } from "../../../shared/random.ts";
import { garden } from "../../../shared/worlds/garden/levels.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { lane, lanes, walk } from "./lanes.ts";
import { normals, sum, times } from "./support.ts";
import { corridor } from "./toy.ts";

const z = 1.6448536269514722; // of a standard normal distribution, 90 % lies within ±z
const diagonal = (variances: readonly number[]) =>
  variances.flatMap((v, j) => variances.map((_, k) => (j === k ? v : 0)));
/** The prior. */
const prior = (n: number) => ({
  weights: Array(n).fill(0),
  covariance: diagonal(Array(n).fill(1)),
});
const transposed = (a: Float64Array, n: number) =>
  a.map((_, i) => a[(i % n) * n + Math.floor(i / n)]!);

describe("a belief", () => {
  it("before any evidence is the prior of each weight", () => {
    const beliefs = weightBeliefs(prior(5));
    expect(beliefs).toHaveLength(5);
    for (const belief of beliefs) {
      expect(belief.mean).toBe(0);
      expect(belief.interval[0]).toBeCloseTo(-z, 9);
      expect(belief.interval[1]).toBeCloseTo(z, 9);
      expect(belief.learnt).toBe(0);
      expect(verdictOn(belief)).toBe("unknown");
    }
  });

  it("has the mean and variance of the features' sum, by hand", () => {
    const belief = { weights: [2, -1], covariance: [0.5, 0.1, 0.1, 0.2] };
    // φᵀΣφ = 0.5 − 2 · 2 · 0.1 + 4 · 0.2 of a prior variance of 1 + 4.
    const both = beliefAbout([1, -2], belief);
    expect(both.mean).toBe(4);
    expect(both.learnt).toBeCloseTo(1 - 0.9 / 5, 12);
    expect(both.interval[0]).toBeCloseTo(4 - z * Math.sqrt(0.9), 9);
    expect(both.interval[1]).toBeCloseTo(4 + z * Math.sqrt(0.9), 9);
    expect(weightBeliefs(belief).map(({ mean }) => mean)).toEqual([2, -1]);
    expect(weightBeliefs(belief)[0]!.learnt).toBeCloseTo(0.5, 12);
    expect(weightBeliefs(belief)[1]!.learnt).toBeCloseTo(0.8, 12);
  });

  it("about a state without features is certain", () => {
    expect(beliefAbout([0, 0, 0], prior(3))).toEqual({ mean: 0, interval: [0, 0], learnt: 1 });
  });

  it("is learnt more where the weights are more certain, up to 1", () => {
    const n = 4;
    const matrix = fc.integer({ min: 0, max: 1e6 }).map((seed) => normals(n * n, seeded(seed)));
    fc.assert(
      fc.property(matrix, matrix, matrix, (less, more, rows) => {
        // Covariances A and A + B, neither above the prior: the trace of A + B is 1.
        const a = times(less, transposed(less, n), n);
        const b = times(more, transposed(more, n), n);
        const trace = sum(Array.from({ length: n }, (_, j) => a[j * n + j]! + b[j * n + j]!));
        const certain = { weights: Array(n).fill(0), covariance: a.map((v) => v / trace) };
        const unsure = { ...certain, covariance: a.map((v, i) => (v + b[i]!) / trace) };
        for (let row = 0; row < n; row++) {
          const features = rows.subarray(row * n, (row + 1) * n);
          const [high, low] = [beliefAbout(features, certain), beliefAbout(features, unsure)];
          expect(high.learnt).toBeGreaterThanOrEqual(low.learnt);
          expect(low.learnt).toBeGreaterThanOrEqual(0);
          expect(high.learnt).toBeLessThanOrEqual(1);
          const width = ({ interval }: typeof high) => interval[1] - interval[0];
          expect(width(high)).toBeLessThanOrEqual(width(low));
        }
      }),
    );
    const known = { weights: [1, 1], covariance: [0, 0, 0, 0] };
    expect(beliefAbout([3, 4], known)).toEqual({ mean: 7, interval: [7, 7], learnt: 1 });
    const worse = { weights: [1, 1], covariance: diagonal([1.5, 1]) };
    expect(beliefAbout([1, 0], worse).learnt).toBe(0);
  });

  it.each([
    ["liked", [0.1, 2], 0.9],
    ["avoided", [-2, -0.1], 0.9],
    ["unsure", [-0.1, 2], 0.9],
    ["unsure", [-2, 0.1], 0.1],
    ["unknown", [0.1, 2], 0.09],
    ["unknown", [-2, 2], 0],
    ["nothing", [0, 0], 1],
  ] as const)("is that something is %s: %j with %d learnt", (verdict, interval, learnt) => {
    expect(verdictOn({ mean: (interval[0] + interval[1]) / 2, interval, learnt })).toBe(verdict);
  });
});

describe("a map", () => {
  it("of a corridor has the belief about the features of each tile, by hand", () => {
    // Features are (how far, at the wall): (0, 1), (1/4, 0), (1/2, 0), (3/4, 0), (1, 0).
    const belief = { weights: [2, -1], covariance: [0.5, 0.1, 0.1, 0.2] };
    const beliefs = tileBeliefs(corridor(), belief);
    expect(beliefs.map(({ mean }) => mean)).toEqual([-1, 0.5, 1, 1.5, 2]);
    [0.8, 0.5, 0.5, 0.5, 0.5].forEach((learnt, i) => {
      expect(beliefs[i]!.learnt).toBeCloseTo(learnt, 12);
    });
    [0.2, 0.5 / 16, 0.5 / 4, (0.5 * 9) / 16, 0.5].forEach((variance, i) => {
      const [low, high] = beliefs[i]!.interval;
      expect((high - low) / 2).toBeCloseTo(z * Math.sqrt(variance), 9);
    });
    expect(tileReward(corridor(), [2, -1])).toEqual([-1, 0.5, 1, 1.5, 2]);
  });

  it("of the garden has the belief about what grows on each tile", () => {
    const random = seeded(3);
    const n = garden.lattice.nFeatures;
    const root = normals(n * n, random, 0.3);
    const belief = {
      weights: normals(n, random),
      covariance: times(root, transposed(root, n), n),
    };
    const beliefs = tileBeliefs(garden, belief);
    const reward = tileReward(garden, belief.weights);
    const byWeight = weightBeliefs(belief);
    const features = new Float64Array(n);
    garden.lattice.tiles.forEach(({ cell }, i) => {
      garden.lattice.features(cell, features);
      const k = features.indexOf(1);
      expect(beliefs[i]).toEqual(k < 0 ? { mean: 0, interval: [0, 0], learnt: 1 } : byWeight[k]);
      expect(reward[i]).toBe(k < 0 ? 0 : belief.weights[k]);
    });
  });
});

describe("the most informative start", () => {
  /** The Hessian of each state's soft value at some weights, [s][j][k], by differences. */
  function bends(world: Level, weights: ArrayLike<number>): number[][][] {
    const { mdp, features } = modelOf(world);
    const n = weights.length;
    const h = 2e-4;
    /** Soft values of all states with weights j and k shifted. */
    const values = (j: number, byJ: number, k: number, byK: number) => {
      const moved = Float64Array.from(weights);
      moved[j]! += byJ;
      moved[k]! += byK;
      return softValueIteration(mdp, linearReward(features, moved)).values.slice(0, mdp.nStates);
    };
    const all = Array.from(mdp.start, () => indices(n).map(() => Array<number>(n).fill(0)));
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) {
        const [pp, pm, mp, mm] = [
          values(j, h, k, h),
          values(j, h, k, -h),
          values(j, -h, k, h),
          values(j, -h, k, -h),
        ];
        all.forEach((bend, s) => {
          bend[j]![k] = (pp[s]! - pm[s]! - mp[s]! + mm[s]!) / (4 * h * h);
        });
      }
    }
    return all;
  }

  const indices = (n: number) => Array.from({ length: n }, (_, i) => i);

  /** By Laplace's expansion along the first row. */
  const determinantOf = (rows: readonly (readonly number[])[]): number =>
    rows.length === 0
      ? 1
      : sum(
          rows[0]!.map(
            (value, k) =>
              (k % 2 === 0 ? value : -value) *
              determinantOf(rows.slice(1).map((row) => row.toSpliced(k, 1))),
          ),
        );

  function expectBest(world: Level, weights: ArrayLike<number>, covariance: ArrayLike<number>) {
    const n = weights.length;
    const told = mostInformativeStart(world, { weights, covariance });
    const points = sigmaPoints(weights, covariance).map((point) => bends(world, [...point]));
    const { start } = modelOf(world).mdp;
    const gains = Array.from(start, (probability, s) => {
      if (probability === 0) return Number.NEGATIVE_INFINITY;
      const each = points.map((bend) => {
        const matrix = indices(n).map((i) =>
          indices(n).map(
            (k) =>
              (i === k ? 1 : 0) +
              sum(indices(n).map((j) => covariance[i * n + j]! * bend[s]![j]![k]!)),
          ),
        );
        return Math.log(determinantOf(matrix)) / 2;
      });
      return sum(each) / points.length;
    });
    const most = Math.max(...gains);
    expect(told.gain / most).toBeCloseTo(1, 4);
    expect(gains[told.cell]! / most).toBeCloseTo(1, 4);
  }

  it("is taken over points that have the mean and the covariance of the weights", () => {
    for (const n of [1, 3, 5]) {
      const random = seeded(n);
      const root = normals(n * n, random);
      const covariance = times(root, transposed(root, n), n);
      const weights = normals(n, random);
      const points = sigmaPoints(weights, covariance);
      expect(points).toHaveLength(2 * n + 1);
      const mean = indices(n).map((k) => sum(points.map((point) => point[k]!)) / points.length);
      for (const j of indices(n)) {
        expect(mean[j]).toBeCloseTo(weights[j]!, 9);
        for (const k of indices(n)) {
          const products = points.map((point) => (point[j]! - mean[j]!) * (point[k]! - mean[k]!));
          expect(sum(products) / points.length).toBeCloseTo(covariance[j * n + k]!, 9);
        }
      }
    }
  });

  it("in the garden is the same by differences of soft values, over all starts", () => {
    const n = garden.lattice.nFeatures;
    expectBest(garden, Array(n).fill(0), prior(n).covariance);
    for (let seed = 0; seed < 3; seed++) {
      const random = seeded(seed);
      const root = normals(n * n, random, 0.4);
      expectBest(garden, normals(n, random), times(root, transposed(root, n), n));
    }
  });

  it("is in the lane whose ground is unknown, for the feature of that ground", () => {
    const world = lanes();
    const after = (mud: number, flowers: number) =>
      mostInformativeStart(world, {
        weights: [0, 0, 2],
        covariance: diagonal([mud, flowers, 0.01]),
      });
    expect(after(1, 0.01)).toMatchObject({ cell: lane.mud.start, feature: 0 });
    expect(after(0.01, 1)).toMatchObject({ cell: lane.flowers.start, feature: 1 });
    expect(after(0.01, 0.01).gain).toBeLessThan(after(0.01, 1).gain / 10);
  });

  it("is in the other lane once one has been shown", () => {
    const world = lanes();
    const shown = inferFrom(world, [walk("mud", ">>.....>"), walk("mud", ">>..>>")]);
    expect(mostInformativeStart(world, shown)).toMatchObject({ cell: lane.flowers.start });
    const other = inferFrom(world, [walk("flowers", ">>.....>"), walk("flowers", ">>..>>")]);
    expect(mostInformativeStart(world, other)).toMatchObject({ cell: lane.mud.start });
  });

  it("in the garden is for another terrain once one is known", () => {
    const n = garden.lattice.nFeatures;
    const { weights, covariance } = prior(n);
    const first = mostInformativeStart(garden, { weights, covariance }).feature;
    const known = covariance.slice();
    known[first * n + first] = 1e-4;
    const second = mostInformativeStart(garden, { weights, covariance: known });
    expect(second.feature).not.toBe(first);
    expect(second.gain).toBeGreaterThan(0);
  });

  it("has no gain where all is known, and is still a start", () => {
    const told = mostInformativeStart(lanes(), {
      weights: [0, 0, 2],
      covariance: diagonal([0, 0, 0]),
    });
    expect(told.gain).toBe(0);
    expect([lane.mud.start, lane.flowers.start]).toContain(told.cell);
  });
});
