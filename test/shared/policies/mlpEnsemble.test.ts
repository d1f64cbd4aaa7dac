import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EnsembleVariance } from "../../../shared/policies/ensembleVariance.ts";
import { mlpEnsemble } from "../../../shared/policies/mlpEnsemble.ts";
import { Novelty } from "../../../shared/policies/novelty.ts";
import { finish, type PolicyJson } from "../../../shared/policies/policy.ts";
import { seeded } from "../../../shared/random.ts";
import { dataset, gap, steering } from "./data.ts";

const rowsOf = (...rows: number[][]) => rows.map((row) => Float64Array.from(row));

describe("the variance of an ensemble", () => {
  test("is the members' variance, in half-ranges, before any label", () => {
    const variance = new EnsembleVariance(2, 4);
    const opinions = rowsOf([0.5, 0], [0.5, 0], [-0.5, 0], [-0.5, 0.4]);
    // Mean squared deviation: 0.25 of the first number, 0.03 of the second.
    expect(variance.uncertainty(opinions)).toBeCloseTo((0.25 + 0.03) / 2, 12);
  });

  test("is nothing where they agree, and 1 where half of them are at each bound, or beyond", () => {
    const variance = new EnsembleVariance(1, 4);
    expect(variance.uncertainty(rowsOf([0.3], [0.3], [0.3], [0.3]))).toBe(0);
    expect(variance.uncertainty(rowsOf([1], [1], [-1], [-1]))).toBeCloseTo(1, 12);
    expect(variance.uncertainty(rowsOf([9], [1], [-1], [-4]))).toBeCloseTo(1, 12);
  });

  test("after a label is that of Gaussian conditioning: v λ / (v + λ)", () => {
    const variance = new EnsembleVariance(1, 4);
    const [here, likewise, unrelated] = [
      rowsOf([0.2], [0.2], [-0.2], [-0.2]),
      rowsOf([-0.6], [-0.6], [0.6], [0.6]),
      rowsOf([0.2], [-0.2], [0.2], [-0.2]),
    ];
    variance.see(here);
    expect(variance.uncertainty(here)).toBeCloseTo((0.04 * 0.02) / 0.06, 12);
    // Where members differ in the same way, the label tells which of them is right; elsewhere nothing.
    expect(variance.uncertainty(likewise)).toBeCloseTo((9 * 0.04 * 0.02) / 0.06, 12);
    expect(variance.uncertainty(unrelated)).toBeCloseTo(0.04, 12);
  });

  test("never grows by a label, wherever that is", () => {
    const row = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
      minLength: 2,
      maxLength: 2,
    });
    const opinions = fc.array(row, { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(opinions, { minLength: 2, maxLength: 8 }), (places) => {
        const variance = new EnsembleVariance(2, 5);
        const all = () => places.map((place) => variance.uncertainty(rowsOf(...place)));
        let before = all();
        for (const place of places) {
          variance.see(rowsOf(...place));
          const after = all();
          after.forEach((u, i) => {
            expect(u).toBeLessThanOrEqual(before[i]! + 1e-12);
          });
          before = after;
        }
      }),
    );
  });
});

describe("mlpEnsemble", () => {
  // Seen on the left and on the right; in the gap between, members may think what they like.
  const random = seeded(7);
  const places = Array.from({ length: 60 }, (_, i) => (i % 2 ? 1 : -1) * (0.5 + random.uniform()));
  const data = dataset(
    steering,
    places.map((x) => [x]),
    places.map((x) => [Math.sin(4 * x), 1.5]),
  );
  const { policy } = finish(mlpEnsemble.fit(data, seeded(1)));
  const json = policy.toJSON() as PolicyJson & { parameters: number[] };
  const novelty = Novelty.fromJSON(json as unknown as Parameters<typeof Novelty.fromJSON>[0]);
  const at = (x: number) => Float64Array.of(x);

  test("has five members, no two alike", () => {
    const size = json.parameters.length / 5;
    expect(size).toBe(2 * 32 + 33 * 32 + 33 * 2);
    for (let m = 1; m < 5; m++) {
      expect(
        gap(json.parameters.slice(0, size), json.parameters.slice(m * size, (m + 1) * size)),
      ).toBeGreaterThan(0.1);
    }
  });

  test("is never surer than the posterior variance is, and less sure where members disagree", () => {
    for (const x of [-2, -1, -0.2, 0, 0.3, 1, 4]) {
      expect(policy.uncertainty(at(x))).toBeGreaterThanOrEqual(novelty.uncertainty(at(x)) - 1e-12);
    }
    const excess = (x: number) => policy.uncertainty(at(x)) - novelty.uncertainty(at(x));
    expect(excess(0.1)).toBeGreaterThan(10 * excess(1));
  });

  test("acts by the mean of its members", () => {
    const action = new Float64Array(2);
    policy.act(at(0.9), action);
    const size = json.parameters.length / 5;
    const alone = Array.from({ length: 5 }, (_, m) => {
      const parameters = json.parameters.slice(m * size, (m + 1) * size);
      const clones = Array.from({ length: 5 }, () => parameters).flat();
      const member = mlpEnsemble.fromJSON({ ...json, parameters: clones });
      const row = new Float64Array(2);
      member.act(at(0.9), row);
      return row;
    });
    const mean = [0, 1].map((k) => alone.reduce((sum, row) => sum + row[k]! / 5, 0));
    expect(gap(action, mean)).toBeLessThan(1e-12);
  });
});
