import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chainOf } from "../../../shared/irl/chain.ts";
import { factorsOf, mostDense, solveForward, solveTransposed } from "../../../shared/irl/dense.ts";
import { informationOf } from "../../../shared/irl/information.ts";
import { type Mdp, mdp } from "../../../shared/irl/mdp.ts";
import { softValueIteration } from "../../../shared/irl/soft.ts";
import { startInflow, visitationFrequency } from "../../../shared/irl/visitation.ts";
import { seeded } from "../../../shared/random.ts";
import { furthest, normals, outcomes, randomMdp } from "./support.ts";

const models = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    nStates: fc.integer({ min: 2, max: 8 }),
    nActions: fc.integer({ min: 1, max: 3 }),
    nTerminals: fc.integer({ min: 0, max: 2 }),
    discount: fc.constantFrom(0.3, 0.9, 0.99),
  })
  .map(({ seed, ...rest }) => ({
    seed,
    model: randomMdp({ seed, ...rest, horizon: Number.POSITIVE_INFINITY }),
  }));

/** The same MDP beside so many states that nobody comes to that it is swept. */
function swept(model: Mdp): Mdp {
  const { nStates, nActions, discount, start, terminal } = model;
  return mdp({
    nStates: nStates + mostDense,
    nActions,
    discount,
    start: [...start, ...Array<number>(mostDense).fill(0)],
    terminals: [...terminal.keys()].filter((s) => terminal[s]),
    transitions: (s, a) => (s < nStates ? outcomes(model, s, a) : [{ next: s, probability: 1 }]),
  });
}

/** x less γ P x, or xᵀ less γ xᵀ P. */
function applied(model: Mdp, policy: Float64Array, x: Float64Array, transposed: boolean) {
  const { nStates, nActions, discount, terminal } = model;
  const image = x.slice();
  for (let s = 0; s < nStates; s++) {
    if (terminal[s]) continue;
    for (let a = 0; a < nActions; a++) {
      for (const { next, probability } of outcomes(model, s, a)) {
        const flow = discount * policy[s * nActions + a]! * probability;
        if (transposed) image[next]! -= flow * x[s]!;
        else image[s]! -= flow * x[next]!;
      }
    }
  }
  return image;
}

describe("elimination", () => {
  it("solves what it says, forward and transposed", () => {
    fc.assert(
      fc.property(models, ({ seed, model }) => {
        const reward = normals(model.nStates, seeded(seed));
        const { policy } = softValueIteration(model, reward);
        const factors = factorsOf(chainOf(model, policy));
        const given = normals(model.nStates, seeded(seed + 1));
        const x = given.slice();
        solveForward(factors, x, 1);
        expect(furthest(applied(model, policy, x, false), given)).toBeLessThan(1e-10);
        const visits = given.slice();
        solveTransposed(factors, visits);
        expect(furthest(applied(model, policy, visits, true), given)).toBeLessThan(1e-10);
        // Two columns at once are each as by themselves.
        const two = Float64Array.from({ length: 2 * model.nStates }, (_, i) =>
          i % 2 === 0 ? given[i / 2]! : -3 * given[(i - 1) / 2]!,
        );
        solveForward(factors, two, 2);
        expect(
          furthest(
            two.filter((_, i) => i % 2 === 0),
            x,
          ),
        ).toBeLessThan(1e-12);
        expect(
          furthest(
            two.filter((_, i) => i % 2 === 1),
            x.map((v) => -3 * v),
          ),
        ).toBeLessThan(1e-9);
      }),
    );
  });

  it("finds the values, visits and information that sweeps do", () => {
    fc.assert(
      fc.property(models, ({ seed, model }) => {
        const n = model.nStates;
        const large = swept(model);
        const reward = normals(n, seeded(seed), 3);
        const few = softValueIteration(model, reward, 1e-11);
        const many = softValueIteration(
          large,
          Float64Array.from({ length: large.nStates }, (_, s) => reward[s] ?? 0),
          1e-11,
        );
        const size = n * model.nActions;
        expect(furthest(few.values, many.values.subarray(0, n))).toBeLessThan(1e-9);
        expect(furthest(few.policy, many.policy.subarray(0, size))).toBeLessThan(1e-9);
        const visits = visitationFrequency(model, few.policy);
        expect(
          furthest(visits, visitationFrequency(large, many.policy).subarray(0, n)),
        ).toBeLessThan(1e-7);
        const features = normals(2 * n, seeded(seed + 2));
        const weights = normals(2, seeded(seed + 3));
        const wide = new Float64Array(2 * large.nStates);
        wide.set(features);
        expect(
          furthest(
            informationOf(model, features, weights, startInflow(model.start)),
            informationOf(large, wide, weights, startInflow(large.start)),
          ),
        ).toBeLessThan(1e-6);
      }),
      { numRuns: 60 },
    );
  });

  it("starts from any values", () => {
    const model = randomMdp({
      seed: 3,
      nStates: 6,
      nActions: 3,
      discount: 0.95,
      horizon: Number.POSITIVE_INFINITY,
    });
    const reward = normals(6, seeded(4));
    const { values } = softValueIteration(model, reward);
    for (const start of [-1e6, 1e6, Number.NaN]) {
      const into = { values: new Float64Array(6).fill(start), policy: new Float64Array(18) };
      expect(furthest(softValueIteration(model, reward, 1e-9, into).values, values)).toBeLessThan(
        1e-7,
      );
    }
  });
});
