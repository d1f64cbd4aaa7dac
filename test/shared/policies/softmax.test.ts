import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { solve } from "../../../shared/policies/cholesky.ts";
import { finish, type PolicyJson } from "../../../shared/policies/policy.ts";
import { SoftmaxObjective, softmax } from "../../../shared/policies/softmax.ts";
import { seeded } from "../../../shared/random.ts";
import { dataset, differences, gap, moves, oneHot, taught } from "./data.ts";

const fit = (data: Parameters<typeof softmax.fit>[0]) => finish(softmax.fit(data, seeded(1)));
const parametersOf = (json: PolicyJson) => Float64Array.from(json.parameters as number[]);

function chosen(policy: ReturnType<typeof fit>["policy"], observation: readonly number[]) {
  const action = new Float64Array(1);
  policy.act(Float64Array.from(observation), action);
  return action[0];
}

/** Tiles of a row of `size`, each with the actions shown there. */
const shown = (size: number, tiles: Record<number, number[]>) => {
  const pairs = Object.entries(tiles).flatMap(([i, actions]) =>
    actions.map((action) => [oneHot(Number(i), size), [action]] as const),
  );
  return dataset(
    moves,
    pairs.map(([observation]) => observation),
    pairs.map(([, action]) => action),
  );
};

describe("softmax", () => {
  test("gradient and Hessian are those of finite differences", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 12 }), (seed, n) => {
        const objective = new SoftmaxObjective(taught(moves, n, seed));
        const random = seeded(seed, 1);
        const at = Float64Array.from({ length: objective.size }, () => random.normal());
        const gradient = new Float64Array(objective.size);
        objective.gradient(at, gradient);
        expect(
          gap(
            gradient,
            differences((x) => objective.value(x), at),
          ),
        ).toBeLessThan(1e-7);

        const hessian = new Float64Array(objective.size ** 2);
        objective.hessian(at, hessian);
        for (let i = 0; i < objective.size; i++) {
          const slope = differences((x) => {
            objective.gradient(x, gradient);
            return gradient[i]!;
          }, at);
          const row = hessian.subarray(i * objective.size, i * objective.size + i + 1);
          expect(gap(row, slope.subarray(0, i + 1))).toBeLessThan(1e-7);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("ends where the gradient is nothing", () => {
    for (const data of [
      taught(moves, 200, 1),
      taught(moves, 3, 2),
      shown(4, { 0: [1, 1, 1], 1: [1] }),
      shown(25, { 3: [0, 1, 1, 2], 4: [2, 2], 9: [0, 0, 0, 0, 0, 0, 0, 1] }),
    ]) {
      const objective = new SoftmaxObjective(data);
      const { policy, loss } = fit(data);
      const parameters = parametersOf(policy.toJSON());
      const gradient = new Float64Array(objective.size);
      objective.gradient(parameters, gradient);
      expect(gap(gradient, new Float64Array(objective.size))).toBeLessThan(1e-10);
      expect(loss).toBeCloseTo(objective.crossEntropy(parameters) / data.n, 12);
    }
  });

  test("does on each tile what was done there most", () => {
    const { policy } = fit(shown(5, { 0: [1, 1, 0], 1: [2], 2: [0, 0], 3: [2, 1, 2] }));
    expect([0, 1, 2, 3].map((i) => chosen(policy, oneHot(i, 5)))).toEqual([1, 2, 0, 2]);
  });

  test("where it was never shown anything does what was done most elsewhere", () => {
    const { policy } = fit(shown(5, { 0: [2, 2, 2], 1: [1, 1], 2: [2] }));
    expect(chosen(policy, oneHot(4, 5))).toBe(2);
  });

  test("one answer settles a tile, whatever was done a hundred times elsewhere", () => {
    const often = new Array<number>(25).fill(1);
    const { policy } = fit(shown(6, { 0: often, 1: often, 2: often, 3: often, 4: [0] }));
    expect(chosen(policy, oneHot(4, 6))).toBe(0);
    expect(chosen(policy, oneHot(5, 6))).toBe(1);
  });

  test("takes the first of equally likely actions, though rounding says otherwise", () => {
    for (const order of [
      [1, 2],
      [2, 1],
    ]) {
      const { policy } = fit(
        shown(5, { 0: [order[0]!], 1: [order[1]!], 2: order, 3: [1, 2, 2, 1] }),
      );
      for (const i of [2, 3, 4]) expect(chosen(policy, oneHot(i, 5))).toBe(1);
    }
  });

  test("a tile shown n times is as unfamiliar as λ / (n + λ), one never shown entirely", () => {
    const { policy } = fit(shown(4, { 0: [1], 1: [1, 1, 1] }));
    const uncertainty = (i: number) => policy.uncertainty(Float64Array.from(oneHot(i, 4)));
    expect(uncertainty(0)).toBeCloseTo(1.5 / 2.5, 12);
    expect(uncertainty(1)).toBeCloseTo(1.5 / 4.5, 12);
    expect(uncertainty(2)).toBe(1);
    const familiarity = policy.familiarity();
    familiarity.see(Float64Array.from(oneHot(2, 4)));
    expect(familiarity.uncertainty(Float64Array.from(oneHot(2, 4)))).toBeCloseTo(1.5 / 2.5, 12);
  });
});

describe("Cholesky", () => {
  test("solves what it can and says what it cannot", () => {
    const b = Float64Array.of(2, 5);
    solve(Float64Array.of(4, 99, 2, 5), b);
    expect(gap(b, [0, 1])).toBeLessThan(1e-12);
    expect(() => solve(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1))).toThrow(/not positive/);
  });
});
