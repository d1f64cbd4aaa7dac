import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { composed, eigen } from "../../../shared/irl/eigen.ts";
import {
  type Demonstration,
  type EvidenceOptions,
  evidenceOf,
  featureExpectations,
  featuresOf,
  linearReward,
} from "../../../shared/irl/features.ts";
import { informationOf } from "../../../shared/irl/information.ts";
import { dual, type MaxEntOptions, maxEnt, maxEntOf } from "../../../shared/irl/maxent.ts";
import { absorbing, type Mdp, mdp } from "../../../shared/irl/mdp.ts";
import { softValueIteration } from "../../../shared/irl/soft.ts";
import { startInflow, visitationFrequency } from "../../../shared/irl/visitation.ts";
import { seeded } from "../../../shared/random.ts";
import { episodes, furthest, grid, normals, randomMdp, sample } from "./support.ts";

const nFeatures = 4;

/** Demonstrations drawn from the policy of a reward. */
function drawn(
  model: Mdp,
  reward: Float64Array,
  n: number,
  length: number,
  seed = 1,
): Demonstration[] {
  const { policy } = softValueIteration(model, reward);
  const random = seeded(seed);
  return Array.from({ length: n }, () => sample(model, policy, length, random));
}

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (x: Float64Array) => x.reduce((sum, value) => sum + value, 0) / x.length;
  const dot = (x: Float64Array, y: Float64Array) =>
    x.reduce((sum, value, i) => sum + (value - mean(x)) * (y[i]! - mean(y)), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

const norm = (x: Float64Array) => Math.hypot(...x);

/** Central differences of the gradient, [k][k]. */
function hessianAt(
  weights: Float64Array,
  evaluate: (weights: Float64Array, gradient: Float64Array) => number,
): number[][] {
  const h = 1e-4;
  return Array.from(weights, (w, k) => {
    const [up, down] = [new Float64Array(weights.length), new Float64Array(weights.length)];
    evaluate(weights.with(k, w + h), up);
    evaluate(weights.with(k, w - h), down);
    return Array.from(up, (value, i) => (value - down[i]!) / (2 * h));
  });
}

/** The inverse of a positive definite matrix, flat, by Gauss and Jordan. */
function inverted(matrix: number[][]): Float64Array {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let i = 0; i < n; i++) {
    rows[i] = rows[i]!.map((value) => value / rows[i]![i]!);
    for (let k = 0; k < n; k++) {
      if (k !== i) rows[k] = rows[k]!.map((value, j) => value - rows[k]![i]! * rows[i]![j]!);
    }
  }
  return Float64Array.from(rows.flatMap((row) => row.slice(n)));
}

describe("the dual's gradient", () => {
  const cases: [string, Mdp, EvidenceOptions][] = [
    ["discount 0.5, no terminals", grid(4, { discount: 0.5, horizon: 12 }), {}],
    [
      "discount 0.9, slip, terminals",
      grid(4, { slip: 0.2, terminals: [5, 15], discount: 0.9, horizon: 12 }),
      {},
    ],
    [
      "discount 1, slip, terminals",
      grid(4, { slip: 0.2, terminals: [15], discount: 1, horizon: 12 }),
      {},
    ],
    ["discount 1, slip, no terminals", grid(4, { slip: 0.1, discount: 1, horizon: 12 }), {}],
    [
      "discount 1, absorbing ends",
      absorbing(grid(4, { terminals: [15], discount: 1, horizon: 12 })),
      {},
    ],
    ["infinite horizon, discount 0.5", grid(4, { discount: 0.5 }), {}],
    [
      "infinite horizon, slip, terminals",
      grid(4, { slip: 0.2, terminals: [5, 15], discount: 0.9 }),
      {},
    ],
    ["infinite horizon, evenly", grid(4, { slip: 0.2, discount: 0.9 }), { evenly: true }],
    [
      "infinite horizon, evenly, expected outcomes",
      grid(4, { slip: 0.2, terminals: [15], discount: 0.9 }),
      { evenly: true, outcomes: "expected" },
    ],
    [
      "finite horizon, expected outcomes",
      grid(4, { slip: 0.2, terminals: [15], discount: 0.9, horizon: 12 }),
      { outcomes: "expected" },
    ],
  ];

  it.each(cases)("equals central differences: %s", (_, model, reading) => {
    const random = seeded(2);
    const features = normals(16 * nFeatures, random, 0.5);
    // Some are complete and some are cut short.
    const demonstrations = [
      ...drawn(model, new Float64Array(16), 4, Math.min(12, model.horizon)),
      ...drawn(model, new Float64Array(16), 4, 5, 3),
    ];
    const evidence = evidenceOf(model, features, nFeatures, demonstrations, reading);
    const { evaluate } = dual(model, features, evidence, 0.3);
    const h = 1e-4;
    for (let i = 0; i < 3; i++) {
      const weights = normals(nFeatures, random);
      const gradient = new Float64Array(nFeatures);
      evaluate(weights, gradient);
      const differences = weights.map((w, k) => {
        const up = evaluate(weights.with(k, w + h), new Float64Array(nFeatures));
        const down = evaluate(weights.with(k, w - h), new Float64Array(nFeatures));
        return (up - down) / (2 * h);
      });
      expect(norm(gradient)).toBeGreaterThan(0.1);
      expect(furthest(gradient, differences)).toBeLessThan(1e-6 * (1 + norm(gradient)));
    }
  });
});

describe("maxEnt", () => {
  const horizons: [number, number][] = [
    [0.5, 15],
    [0.9, 15],
    [1, 15],
    [0.5, Number.POSITIVE_INFINITY],
    [0.9, Number.POSITIVE_INFINITY],
  ];
  const recoveries = horizons.flatMap(([discount, horizon]) =>
    [0, 0.2].flatMap((slip) =>
      [[], [24], [4, 20, 24]].map((terminals) => ({ discount, horizon, slip, terminals })),
    ),
  );

  it.each(recoveries)("recovers the weights from exact feature expectations: %o", (options) => {
    const model = grid(5, options);
    const random = seeded(11);
    const features = Float64Array.from({ length: 25 * nFeatures }, () => 2 * random.uniform() - 1);
    const truth = normals(nFeatures, random);
    const visitation = (weights: Float64Array) =>
      visitationFrequency(
        model,
        softValueIteration(model, linearReward(features, weights), 1e-11).policy,
        model.start,
        1e-11,
      );
    const counts = featuresOf(features, nFeatures, visitation(truth));
    const evidence = { features: counts, inflow: startInflow(model.start), start: model.start };
    const found = maxEntOf(model, features, evidence, { l2: 0, tolerance: 1e-8 });
    expect(
      furthest(featuresOf(features, nFeatures, visitation(found.weights)), counts),
    ).toBeLessThanOrEqual(1e-6);
    expect(correlation(found.weights, truth)).toBeGreaterThanOrEqual(0.999);
    expect(furthest(found.weights, truth)).toBeLessThan(1e-4);
    expect(furthest(found.visitation, visitation(truth))).toBeLessThan(1e-5);
    expect(Math.min(...truth)).toBeLessThan(0);
  });

  it("balances the demonstrations' features, the policy's and the prior", () => {
    const model = grid(4, { slip: 0.1, terminals: [3, 15], discount: 0.95, horizon: 10 });
    const features = normals(16 * nFeatures, seeded(12), 0.5);
    const demonstrations = drawn(model, normals(16, seeded(13)), 6, 10);
    const l2 = 0.05;
    const { weights, reward, visitation, gradientNorm, iterations } = maxEnt(
      model,
      features,
      demonstrations,
      { l2 },
    );
    const expert = featureExpectations(
      features,
      nFeatures,
      demonstrations.map(({ states }) => states),
      0.95,
    );
    const learner = featuresOf(features, nFeatures, visitation);
    expect(furthest(expert, learner)).toBeGreaterThan(1e-3);
    expect(norm(expert.map((f, k) => f - learner[k]! - l2 * weights[k]!))).toBeLessThanOrEqual(
      2e-6,
    );
    expect(gradientNorm).toBeLessThanOrEqual(1e-6);
    expect(iterations).toBeGreaterThan(0);
    expect(furthest(reward, linearReward(features, weights))).toBe(0);
  });

  const readings: EvidenceOptions[] = [
    {},
    { evenly: true },
    { outcomes: "expected" },
    { outcomes: "expected", evenly: true },
  ];

  it("comes closer to the true weights with more demonstrations, for all evidence options", () => {
    const model = grid(5, { slip: 0.1, discount: 0.9 });
    const random = seeded(14);
    const features = Float64Array.from({ length: 25 * nFeatures }, () => 2 * random.uniform() - 1);
    const truth = Float64Array.of(1, -1, 0.5, 0);
    const all = drawn(model, linearReward(features, truth), 300, 20, 15);
    for (const reading of readings) {
      const error = (n: number) =>
        norm(
          maxEnt(model, features, all.slice(0, n), reading).weights.map((w, k) => w - truth[k]!),
        );
      expect(error(300)).toBeLessThan(0.15);
      expect(error(300)).toBeLessThan(error(3));
    }
  });

  it("keeps weights finite for a perfect expert, and larger with more demonstrations", () => {
    const model = absorbing(grid(4, { terminals: [15], discount: 1, horizon: 12 }));
    const features = new Float64Array(16).map((_, s) => (s === 15 ? 1 : 0));
    const straight = { states: [0, 1, 2, 3, 7, 11, 15] };
    const [once, often] = [1, 10].map(
      (n) => maxEnt(model, features, Array(n).fill(straight)).weights[0]!,
    ) as [number, number];
    expect(once).toBeGreaterThan(0.5);
    expect(often).toBeGreaterThan(once);
    expect(often).toBeLessThan(10);
  });

  it("has a prior of variance 1 unless told otherwise", () => {
    const model = grid(4, { discount: 0.9, horizon: 10 });
    const features = normals(16 * nFeatures, seeded(16), 0.5);
    const demonstrations = drawn(model, normals(16, seeded(17)), 5, 10);
    const default_ = maxEnt(model, features, demonstrations).weights;
    expect(furthest(default_, maxEnt(model, features, demonstrations, { l2: 1 / 5 }).weights)).toBe(
      0,
    );
    expect(
      furthest(default_, maxEnt(model, features, demonstrations, { l2: 1 / 6 }).weights),
    ).toBeGreaterThan(1e-3);
  });

  it("learns nothing from an episode's length: aimless walks cut off anywhere give weights of 0", () => {
    const model = absorbing(grid(3, { terminals: [8], discount: 1, horizon: 8 }));
    const features = Float64Array.from({ length: 18 }, (_, i) => (i % 2 ? 1 : i / 18)); // the second is always 1
    const step = (s: number, a: number) => model.next[model.offsets[s * 5 + a]!]!;
    const walks = [0, 1, 2, 3, 4].flatMap((length) => {
      let all = [[0]];
      for (let t = 0; t < length; t++) {
        all = all.flatMap((states) => [0, 1, 2, 3, 4].map((a) => [...states, step(states[t]!, a)]));
      }
      return all.map((states) => ({ states }));
    });
    const { weights } = maxEnt(model, features, walks, { l2: 1e-6, tolerance: 1e-12 });
    expect(norm(weights)).toBeLessThan(1e-6);
  });

  it("finds the end of a walk the best state only where episodes stay there", () => {
    const ends = grid(4, { terminals: [15], discount: 1, horizon: 20 });
    const near = new Float64Array(16).map((_, s) => (Math.floor(s / 4) + (s % 4)) / 6);
    const walks = [{ states: [0, 1, 5, 6, 10, 11, 15] }, { states: [1, 2, 6, 10, 14, 15] }];
    expect(maxEnt(absorbing(ends), near, walks).weights[0]).toBeGreaterThan(0.5);
    expect(maxEnt(ends, near, walks).weights[0]).toBeLessThan(0);
  });

  it("uses the rest of a demonstration where a step is left out", () => {
    const model = grid(4, { discount: 1, horizon: 6 });
    const features = new Float64Array(16).map((_, s) => s / 15);
    // The step from 1 to 14 is impossible; around it the expert heads for the last corner.
    const states = [0, 1, 14, 15, 15, 15, 15];
    const leftOut = [0, 1, 0, 0, 0, 0];
    const heads = maxEnt(model, features, [{ states, leftOut }]);
    expect(heads.gradientNorm).toBeLessThanOrEqual(1e-6);
    expect(heads.weights[0]).toBeGreaterThan(0.1);
    // If the impossible step counted, the last corner would look too good.
    expect(maxEnt(model, features, [{ states }]).weights[0]).toBeGreaterThan(heads.weights[0]!);
  });

  it("is not affected by unreachable states", () => {
    const reachable = grid(3, { discount: 0.9, horizon: 8 });
    const transitions = (s: number, a: number) => [
      { next: s < 9 ? reachable.next[reachable.offsets[s * 5 + a]!]! : 10, probability: 1 },
    ];
    const larger = mdp({
      nStates: 11,
      nActions: 5,
      transitions,
      terminals: [9],
      discount: 0.9,
      horizon: 8,
    });
    const features = normals(11 * 2, seeded(18));
    const demonstrations = drawn(reachable, normals(9, seeded(19)), 5, 8);
    const small = maxEnt(reachable, features.slice(0, 18), demonstrations);
    const large = maxEnt(larger, features, demonstrations);
    expect(furthest(small.weights, large.weights)).toBeLessThan(1e-9);
    expect([...large.visitation.subarray(9)]).toEqual([0, 0]);
  });

  it("reports progress from 0 to 1, never decreasing", () => {
    const model = grid(4, { discount: 0.9 });
    const features = normals(16 * nFeatures, seeded(20));
    const shares: number[] = [];
    maxEnt(model, features, drawn(model, normals(16, seeded(21)), 3, 9), {}, (share) =>
      shares.push(share),
    );
    expect(shares.length).toBeGreaterThan(3);
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  it.each(readings)(
    "over an infinite horizon, finds the minimum of BFGS by a few Newton steps: %o",
    (reading) => {
      const model = grid(5, { slip: 0.1, discount: 0.95 });
      const features = normals(25 * nFeatures, seeded(24), 0.5);
      const demonstrations = drawn(model, normals(25, seeded(25), 2), 3, 20);
      const newton = maxEnt(model, features, demonstrations, reading);
      const inverse = Float64Array.from({ length: nFeatures ** 2 }, (_, i) =>
        i % (nFeatures + 1) === 0 ? 0.1 : 0,
      );
      const bfgs = maxEnt(model, features, demonstrations, { ...reading, inverse });
      expect(newton.gradientNorm).toBeLessThanOrEqual(1e-6);
      expect(bfgs.gradientNorm).toBeLessThanOrEqual(1e-6);
      expect(furthest(newton.weights, bfgs.weights)).toBeLessThan(1e-5);
      expect(norm(newton.weights)).toBeGreaterThan(0.5);
      expect(newton.evaluations).toBeLessThanOrEqual(8);
      expect(bfgs.evaluations).toBeGreaterThan(12);
    },
  );

  it.each([0, 0.2])(
    "tries no step twice with a feature for each state of walks that were cut short: slip %d",
    (slip) => {
      const model = grid(5, { slip, discount: 0.9 });
      const features = Float64Array.from({ length: 25 * 25 }, (_, i) => (i % 26 === 0 ? 1 : 0));
      const reward = new Float64Array(25);
      reward[24] = 2;
      reward[12] = -2;
      const demonstrations = drawn(model, reward, 20, 20, 3);
      const reading = { outcomes: "expected", evenly: true } as const;
      const { weights, iterations, evaluations } = maxEnt(model, features, demonstrations, reading);
      expect(evaluations).toBe(iterations + 1);
      expect(iterations).toBeLessThanOrEqual(7);
      // Without the counts of decisions the same minimum is found, by Newton's steps alone.
      const { decisions: _, ...evidence } = evidenceOf(
        model,
        features,
        25,
        demonstrations,
        reading,
      );
      const options = { l2: 1 / 20, tolerance: 1e-11 };
      const newton = maxEntOf(model, features, evidence, options);
      expect(furthest(weights, newton.weights)).toBeLessThan(1e-5);
      expect(newton.evaluations).toBeGreaterThan(newton.iterations + 1);
    },
  );

  it.each(["observed", "expected"] as const)(
    "needs no more steps with negative curvature: %s outcomes",
    (outcomes) => {
      const model = randomMdp({
        seed: 5,
        nStates: 6,
        nActions: 3,
        discount: 0.9,
        horizon: Number.POSITIVE_INFINITY,
      });
      const random = seeded(5);
      const features = normals(6 * 3, random);
      // Two steps that the expert would not choose.
      const short = episodes(model, normals(6, random, 3), 2, 2, random);
      const { inflow } = evidenceOf(model, features, 3, short, { outcomes });
      const found = maxEnt(model, features, short, { outcomes, l2: 0.35 });
      for (const weights of [new Float64Array(3), found.weights])
        expect(
          Math.min(...eigen(informationOf(model, features, weights, inflow), 3).values),
        ).toBeLessThan(-0.01);
      expect(found.gradientNorm).toBeLessThanOrEqual(1e-6);
      expect(found.evaluations).toBeLessThanOrEqual(12);
      const bfgs = maxEnt(model, features, short, {
        outcomes,
        l2: 0.35,
        inverse: composed([1, 1, 1], eigen(new Float64Array(9), 3).vectors),
      });
      expect(furthest(found.weights, bfgs.weights)).toBeLessThan(1e-4);
    },
  );

  it.each([0, 0.1])("keeps weights finite with almost no penalty, slip %d", (slip) => {
    const model = grid(4, { slip, discount: 0.9 });
    const random = seeded(26);
    const own = normals(16, random, 0.5);
    const demonstrations = drawn(model, own, 4, 10, 27);
    const constant = Float64Array.from({ length: 32 }, (_, i) => (i % 2 ? 1 : own[i / 2]!));
    const twins = Float64Array.from({ length: 32 }, (_, i) => own[Math.floor(i / 2)]!);
    const alone = maxEnt(model, own, demonstrations, { l2: 1e-9 }).weights[0]!;
    for (const features of [constant, twins, new Float64Array(32)]) {
      const found = maxEnt(model, features, demonstrations, { l2: 1e-9 });
      expect(found.weights.every(Number.isFinite)).toBe(true);
      expect(found.inverse.every(Number.isFinite)).toBe(true);
      expect(found.gradientNorm).toBeLessThanOrEqual(1e-6);
      if (features === constant) expect(found.weights[0]).toBeCloseTo(alone, 3);
      if (features === twins) {
        expect(found.weights[0]! + found.weights[1]!).toBeCloseTo(alone, 3);
        expect(found.weights[0]! - found.weights[1]!).toBeCloseTo(0, 3);
      }
    }
  });

  it("uses no Hessian with many features", () => {
    const model = grid(9, { discount: 0.9 });
    const features = normals(81 * 65, seeded(28), 0.2);
    const demonstrations = drawn(model, normals(81, seeded(29)), 3, 20);
    const few = features.filter((_, i) => i % 65 < 64);
    expect(maxEnt(model, few, demonstrations).evaluations).toBeLessThanOrEqual(10);
    const many = maxEnt(model, features, demonstrations);
    expect(many.gradientNorm).toBeLessThanOrEqual(1e-6);
    expect(many.evaluations).toBeGreaterThan(10);
  });

  describe("after one more step of a demonstration", () => {
    const walks = (model: Mdp) => drawn(model, normals(25, seeded(22), 2), 3, 20);
    const problems = [20, Number.POSITIVE_INFINITY].map((horizon) => {
      const model = grid(5, { slip: 0.1, discount: 0.95, horizon });
      const demonstrations = walks(model);
      const unfinished = { states: Array.from(demonstrations[2]!.states).slice(0, 12) };
      const longer = { states: Array.from(demonstrations[2]!.states).slice(0, 13) };
      return {
        horizon,
        model,
        features: normals(25 * nFeatures, seeded(23), 0.5),
        before: [...demonstrations.slice(0, 2), unfinished],
        after: [...demonstrations.slice(0, 2), longer],
      };
    });

    it.each(problems)(
      "finds the same weights in a few evaluations: horizon $horizon",
      (problem) => {
        const { model, features, before, after } = problem;
        const { weights: start, inverse } = maxEnt(model, features, before);
        const cold = maxEnt(model, features, after);
        const warm = maxEnt(model, features, after, { start, inverse });
        expect(furthest(warm.weights, cold.weights)).toBeLessThan(1e-5);
        expect(furthest(warm.visitation, cold.visitation)).toBeLessThan(1e-4);
        expect(warm.gradientNorm).toBeLessThanOrEqual(1e-6);
        expect(furthest(start, cold.weights)).toBeGreaterThan(1e-3);
        if (Number.isFinite(problem.horizon)) {
          expect(cold.evaluations).toBeGreaterThan(10);
          expect(warm.evaluations).toBeLessThan(cold.evaluations / 2);
        } else {
          expect(cold.evaluations).toBeLessThanOrEqual(14);
          expect(warm.evaluations).toBeLessThanOrEqual(cold.evaluations);
        }
      },
    );

    it.each(problems)("needs four with the exact Hessian: horizon $horizon", (problem) => {
      const { model, features, before, after } = problem;
      const { weights: start } = maxEnt(model, features, before, { tolerance: 1e-9 });
      const evidence = evidenceOf(model, features, nFeatures, before);
      const inverse = inverted(hessianAt(start, dual(model, features, evidence, 1 / 3).evaluate));
      expect(maxEnt(model, features, after, { start, inverse }).evaluations).toBeLessThanOrEqual(4);
    });

    it("stays where it is without a new step", () => {
      const { model, features, before } = problems[0]!;
      const { weights: start, inverse } = maxEnt(model, features, before);
      const again = maxEnt(model, features, before, { start, inverse });
      expect(again).toMatchObject({ iterations: 0, evaluations: 1 });
      expect(again.weights).toEqual(start);
    });
  });

  it("gives the same answer every time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const model = grid(3, { slip: 0.1, discount: 0.9 });
        const features = normals(9 * 2, seeded(seed));
        const demonstrations = drawn(model, normals(9, seeded(seed + 1)), 2, 6);
        expect(maxEnt(model, features, demonstrations)).toEqual(
          maxEnt(model, features, demonstrations),
        );
      }),
      { numRuns: 10 },
    );
  });

  it("rejects invalid features and penalties", () => {
    const model = grid(2, { discount: 0.9, horizon: 3 });
    const demonstrations = [{ states: [0, 1, 3, 3] }];
    expect(() => maxEnt(model, new Float64Array(7), demonstrations)).toThrow(/7 features/);
    expect(() => maxEnt(model, new Float64Array(0), demonstrations)).toThrow(/0 features/);
    expect(() => maxEnt(model, Float64Array.of(0, 1, 2, Number.NaN), demonstrations)).toThrow(
      /finite/,
    );
    expect(() => maxEnt(model, new Float64Array(4), demonstrations, { l2: -1 })).toThrow(/l2/);
    expect(() => maxEnt(model, new Float64Array(4), [])).toThrow(/no demonstration/);
    const begun = (options: MaxEntOptions) => () =>
      maxEnt(model, Float64Array.of(0, 1, 2, 4), demonstrations, options);
    expect(begun({ start: new Float64Array(2) })).toThrow(
      /start is 1 finite weights, not \[0, 0\]/,
    );
    expect(begun({ start: Float64Array.of(Number.NaN) })).toThrow(/start is 1 finite/);
    expect(begun({ inverse: new Float64Array(4) })).toThrow(/4 entries for 1/);
  });
});
