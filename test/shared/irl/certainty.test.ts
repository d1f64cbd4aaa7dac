import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { certaintyOf, intervalOf } from "../../../shared/irl/certainty.ts";
import {
  type Evidence,
  type EvidenceOptions,
  evidenceOf,
  linearReward,
} from "../../../shared/irl/features.ts";
import { informationFromEach, informationOf } from "../../../shared/irl/information.ts";
import { dual, maxEntOf } from "../../../shared/irl/maxent.ts";
import { type Mdp, mdp } from "../../../shared/irl/mdp.ts";
import { startInflow } from "../../../shared/irl/visitation.ts";
import { seeded } from "../../../shared/random.ts";
import {
  discounted,
  episodes,
  furthest,
  grid,
  grounds,
  normals,
  paths,
  type RandomMdp,
  randomMdp,
  sum,
  times,
} from "./support.ts";

const nFeatures = 3;
const largest = (x: ArrayLike<number>) => Math.max(...Array.from(x, Math.abs));
const zero = (evidence: Evidence) => new Float64Array(evidence.features.length);

/** Central differences of the dual's gradient, [k][k]. */
function differences(
  model: Mdp,
  features: Float64Array,
  evidence: Evidence,
  weights: Float64Array,
): Float64Array {
  const { evaluate } = dual(model, features, evidence, 0);
  const n = weights.length;
  const h = 1e-4;
  const rows = Array.from(weights, (w, k) => {
    const [up, down] = [new Float64Array(n), new Float64Array(n)];
    evaluate(weights.with(k, w + h), up);
    evaluate(weights.with(k, w - h), down);
    return up.map((g, i) => (g - down[i]!) / (2 * h));
  });
  return Float64Array.from(rows.flatMap((row) => [...row]));
}

describe("informationOf", () => {
  const finite = fc.record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    nStates: fc.integer({ min: 3, max: 8 }),
    nActions: fc.integer({ min: 2, max: 3 }),
    branches: fc.integer({ min: 1, max: 3 }),
    nTerminals: fc.integer({ min: 0, max: 2 }),
    discount: fc.constantFrom(0.5, 0.9, 1),
    horizon: fc.integer({ min: 1, max: 8 }),
  });
  const infinite = finite.map((description) => ({
    ...description,
    discount: Math.min(0.95, description.discount),
    horizon: Number.POSITIVE_INFINITY,
  }));
  const readings: [string, fc.Arbitrary<RandomMdp>, EvidenceOptions][] = [
    ["finite horizon", finite, {}],
    ["finite horizon, expected outcomes", finite, { outcomes: "expected" }],
    ["infinite horizon", infinite, {}],
    ["infinite horizon, evenly", infinite, { evenly: true }],
    ["infinite horizon, evenly, expected", infinite, { evenly: true, outcomes: "expected" }],
  ];

  it.each(readings)("equals central differences of the dual's gradient: %s", (_, any, reading) => {
    let turnedOver = 0;
    fc.assert(
      fc.property(any, (description) => {
        const model = randomMdp(description);
        const features = normals(model.nStates * nFeatures, seeded(description.seed + 1));
        const weights = normals(nFeatures, seeded(description.seed + 2));
        const random = seeded(description.seed + 3);
        const reward = new Float64Array(model.nStates);
        // Some are complete and some are cut short.
        const demonstrations = [
          ...episodes(model, reward, 2, Math.min(9, model.horizon), random),
          ...episodes(model, reward, 2, Math.min(4, model.horizon), random),
        ];
        const evidence = evidenceOf(model, features, nFeatures, demonstrations, reading);
        const information = informationOf(model, features, weights, evidence.inflow);
        const expected = differences(model, features, evidence, weights);
        expect(furthest(information, expected)).toBeLessThan(1e-5 * (0.1 + largest(expected)));
        if (evidence.inflow.mass.some((mass) => mass < 0)) turnedOver++;
      }),
      { numRuns: 60 },
    );
    // With a short horizon most episodes are complete, and have no signed inflows.
    expect(turnedOver).toBeGreaterThan(10);
  });

  it("solves by hand: one choice is a logistic regression", () => {
    const model = mdp({
      nStates: 3,
      nActions: 2,
      transitions: (_, a) => [{ next: 1 + a, probability: 1 }],
      terminals: [1, 2],
      start: [1, 0, 0],
      discount: 0.5,
      horizon: 1,
    });
    const features = Float64Array.of(7, 7, 1, 0, 0, 2);
    const weights = Float64Array.of(0.3, -0.4);
    // The choices' values differ by 0.5 (0.3 · 1 + 0.4 · 2).
    const p = 1 / (1 + Math.exp(-0.55));
    const [x, y] = [0.5, -1];
    const expected = [x * x, x * y, x * y, y * y].map((square) => p * (1 - p) * square);
    const information = informationOf(model, features, weights, startInflow(model.start));
    expect(furthest(information, expected)).toBeLessThan(1e-12);
  });

  it("is the covariance of the feature sums of all paths in a deterministic world", () => {
    fc.assert(
      fc.property(finite, (description) => {
        const model = randomMdp({
          ...description,
          nStates: Math.min(5, description.nStates),
          horizon: Math.min(5, description.horizon),
          branches: 1,
          discount: 1,
        });
        const features = normals(model.nStates * nFeatures, seeded(1));
        const weights = normals(nFeatures, seeded(2));
        const column = (k: number) => features.filter((_, i) => i % nFeatures === k);
        const all = paths(model, 0).map(({ states }) => {
          const sums = [0, 1, 2].map((k) => discounted(states, column(k), 1));
          return { sums, weight: Math.exp(sum(sums.map((f, k) => f * weights[k]!))) };
        });
        const total = sum(all.map(({ weight }) => weight));
        const mean = (of: (sums: number[]) => number) =>
          sum(all.map(({ sums, weight }) => (weight / total) * of(sums)));
        const expected = Float64Array.from({ length: 9 }, (_, i) => {
          const [j, k] = [Math.floor(i / 3), i % 3];
          return mean((f) => f[j]! * f[k]!) - mean((f) => f[j]!) * mean((f) => f[k]!);
        });
        const start = new Float64Array(model.nStates).with(0, 1);
        const information = informationOf(model, features, weights, startInflow(start));
        expect(furthest(information, expected)).toBeLessThan(1e-8 * (1 + largest(expected)));
      }),
    );
  });

  it("rejects features of the wrong shape", () => {
    const model = grid(2, { discount: 0.9 });
    const inflow = startInflow(model.start);
    expect(() => informationOf(model, new Float64Array(7), new Float64Array(2), inflow)).toThrow(
      /7 features are no matrix for 4 states and 2 weights/,
    );
  });
});

describe("certaintyOf", () => {
  const model = grid(5, { slip: 0.1, discount: 0.9 });
  const features = grounds(25, nFeatures, seeded(4));
  const weights = Float64Array.of(1, -1, 0.3);
  const demonstrations = episodes(model, linearReward(features, weights), 6, 20, seeded(5));
  const evidence = evidenceOf(model, features, nFeatures, demonstrations, {
    outcomes: "expected",
    evenly: true,
  });

  it("adds up all demonstrations and the prior, and inverts that", () => {
    const { information, covariance, undetermined } = certaintyOf(
      model,
      features,
      evidence,
      weights,
      { demonstrations: 6, l2: 0.5 },
    );
    const one = informationOf(model, features, weights, evidence.inflow);
    expect(
      furthest(
        information,
        one.map((x) => 6 * x),
      ),
    ).toBe(0);
    const precision = information.map((x, i) => x + (i % (nFeatures + 1) === 0 ? 6 * 0.5 : 0));
    expect(
      furthest(times(covariance, precision, nFeatures), [1, 0, 0, 0, 1, 0, 0, 0, 1]),
    ).toBeLessThan(1e-10);
    expect(undetermined).toEqual([]);
  });

  it("is the pseudo-inverse where there is no prior", () => {
    // The fourth feature equals the first, the fifth is always 0.
    const wide = Float64Array.from({ length: 25 * 5 }, (_, i) => {
      const [s, k] = [Math.floor(i / 5), i % 5];
      return k === 4 ? 0 : features[s * nFeatures + (k % nFeatures)]!;
    });
    const { information, covariance, undetermined } = certaintyOf(
      model,
      wide,
      evidenceOf(model, wide, 5, demonstrations, { outcomes: "expected", evenly: true }),
      Float64Array.of(0.5, -1, 0.3, 0.5, 0),
      { demonstrations: 6, l2: 0 },
    );
    // Moore and Penrose's conditions.
    const both = times(information, covariance, 5);
    expect(furthest(times(both, information, 5), information)).toBeLessThan(1e-8);
    expect(furthest(times(covariance, both, 5), covariance)).toBeLessThan(1e-8);
    expect(furthest(both, times(covariance, information, 5))).toBeLessThan(1e-8);
    expect(undetermined.length).toBe(2);
  });

  it("reports identical features and unreachable ones as undetermined", () => {
    // Ground 0 on the left, 1 right of it, where 2 is as well; 3 is on an island.
    const reach = grid(3, { discount: 1, horizon: 8 });
    const island = mdp({
      nStates: 10,
      nActions: 5,
      transitions: (s, a) => [
        { next: s === 9 ? 9 : reach.next[reach.offsets[s * 5 + a]!]!, probability: 1 },
      ],
      start: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      discount: 1,
      horizon: 8,
    });
    const table = Float64Array.from({ length: 40 }, (_, i) => {
      const [s, k] = [Math.floor(i / 4), i % 4];
      if (s === 9) return k === 3 ? 1 : 0;
      if (k === 0) return s % 3 === 0 ? 1 : 0;
      return k < 3 && s % 3 === 1 ? 1 : 0;
    });
    const shown = episodes(island, new Float64Array(10), 5, 8, seeded(6));
    const facts = evidenceOf(island, table, 4, shown);
    const certainty = certaintyOf(island, table, facts, zero(facts), {
      demonstrations: 5,
      l2: 0.2,
    });
    const { undetermined, covariance } = certainty;
    expect(undetermined.length).toBe(2);
    // They span the island's feature and the difference of the equal features.
    for (const direction of [
      [0, 0, 0, 1],
      [0, Math.SQRT1_2, -Math.SQRT1_2, 0],
    ]) {
      const within = undetermined.map((vector) => sum(vector.map((x, k) => x * direction[k]!)));
      expect(Math.hypot(...within)).toBeCloseTo(1, 9);
    }
    expect(Math.sqrt(covariance[15]!)).toBeCloseTo(1, 9); // the prior's
    expect(Math.sqrt(covariance[0]!)).toBeLessThan(0.6);

    const own = table.filter((_, i) => i % 4 < 2);
    const few = evidenceOf(island, own, 2, shown);
    expect(
      certaintyOf(island, own, few, zero(few), { demonstrations: 5, l2: 0.2 }).undetermined,
    ).toEqual([]);
  });

  it("reports a direction as undetermined where more than 99.5 % of a unit prior's interval is left", () => {
    const shrunk = (scale: number) => {
      const one = Float64Array.from({ length: 25 }, (_, s) => scale * features[s * nFeatures]!);
      const facts = evidenceOf(model, one, 1, demonstrations, {
        outcomes: "expected",
        evenly: true,
      });
      return certaintyOf(model, one, facts, zero(facts), { demonstrations: 6, l2: 1 / 6 });
    };
    const information = shrunk(1).information[0]!;
    const [little, more] = [0.0095, 0.0105].map((left) => shrunk(Math.sqrt(left / information)));
    expect(little!.undetermined.map((vector) => [...vector])).toEqual([[1]]);
    expect(more!.undetermined).toEqual([]);
    expect(Math.sqrt(little!.covariance[0]!)).toBeGreaterThan(0.995);
    expect(Math.sqrt(more!.covariance[0]!)).toBeLessThan(0.995);
  });

  it("is never less certain than the prior, even with negative curvature", () => {
    let hollow = 0;
    for (let seed = 0; seed < 30; seed++) {
      const random = seeded(seed);
      const world = randomMdp({ seed, nStates: 6, nActions: 3, discount: 0.9, horizon: 10 });
      const table = normals(6 * nFeatures, random);
      // Two steps that are far from the best for these weights.
      const short = episodes(world, normals(6, random, 3), 2, 2, random);
      const facts = evidenceOf(world, table, nFeatures, short);
      const { information, covariance } = certaintyOf(world, table, facts, normals(3, random, 2), {
        demonstrations: 2,
        l2: 1,
      });
      const direction = normals(nFeatures, random);
      const form = (matrix: Float64Array) =>
        sum(matrix.map((x, i) => x * direction[Math.floor(i / 3)]! * direction[i % 3]!));
      const square = sum(direction.map((x) => x * x));
      expect(form(covariance)).toBeGreaterThan(0);
      expect(form(covariance)).toBeLessThanOrEqual((square / 2) * (1 + 1e-12));
      if (form(information) < 0) hollow++;
    }
    expect(hollow).toBeGreaterThan(3);
  });

  it("narrows with more demonstrations", () => {
    const sds = [2, 8, 32].map((n) => {
      const shown = episodes(model, linearReward(features, weights), n, 20, seeded(7));
      const facts = evidenceOf(model, features, nFeatures, shown, {
        outcomes: "expected",
        evenly: true,
      });
      const found = maxEntOf(model, features, facts, { l2: 1 / n });
      const { covariance } = certaintyOf(model, features, facts, found.weights, {
        demonstrations: n,
        l2: 1 / n,
      });
      return Math.sqrt(covariance[0]!);
    });
    expect(sds).toEqual(sds.toSorted((a, b) => b - a));
    expect(sds[1]! / sds[2]!).toBeGreaterThan(1.6); // a factor of 2, less the prior's part
    expect(sds[1]! / sds[2]!).toBeLessThan(2.4);
  });

  it("rejects invalid penalties", () => {
    for (const l2 of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() =>
        certaintyOf(model, features, evidence, weights, { demonstrations: 6, l2 }),
      ).toThrow(/l2/);
    }
  });
});

describe("intervalOf", () => {
  /** Mass of a standard normal within ±z, by Simpson's rule. */
  const within = (z: number) => {
    const n = 2000;
    const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    const terms = Array.from({ length: n + 1 }, (_, i) => {
      const weight = i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2;
      return weight * density(-z + (2 * z * i) / n);
    });
    return (sum(terms) * 2 * z) / n / 3;
  };

  it.each([0.01, 0.5, 0.6827, 0.9, 0.95, 0.99, 0.9999])("holds a share of %d", (level) => {
    const [low, high] = intervalOf(0, 1, level);
    expect(low).toBe(-high);
    expect(within(high)).toBeCloseTo(level, 10);
  });

  it("is 90 % unless told otherwise, and moves and scales with the distribution", () => {
    const [low, high] = intervalOf(3, 4);
    expect(low).toBeCloseTo(3 - 2 * 1.6448536269514722, 9);
    expect(high).toBeCloseTo(3 + 2 * 1.6448536269514722, 9);
    expect(intervalOf(5, 0)).toEqual([5, 5]);
  });

  it("rejects an invalid variance or level", () => {
    expect(() => intervalOf(0, -1)).toThrow(/variance/);
    expect(() => intervalOf(0, Number.NaN)).toThrow(/variance/);
    for (const level of [0, 1, Number.NaN]) expect(() => intervalOf(0, 1, level)).toThrow(/level/);
  });
});

describe("informationFromEach", () => {
  it.each([
    ["finite horizon", 6, 0.9],
    ["infinite horizon", Number.POSITIVE_INFINITY, 0.8],
  ])("is what an episode from each state alone tells: %s", (_, horizon, discount) => {
    const rest = { nActions: 3, branches: 2, nTerminals: 1, discount, horizon };
    const model = randomMdp({ seed: 7, nStates: 6, ...rest });
    const random = seeded(8);
    const features = normals(model.nStates * nFeatures, random);
    const weights = normals(nFeatures, random);
    const size = nFeatures * nFeatures;
    const all = informationFromEach(model, features, weights);
    for (let s = 0; s < model.nStates; s++) {
      const from = startInflow(Float64Array.from({ length: model.nStates }, (_, i) => +(i === s)));
      const alone = informationOf(model, features, weights, from);
      expect(furthest(all.subarray(s * size, (s + 1) * size), alone)).toBeLessThan(1e-8);
    }
  });
});
