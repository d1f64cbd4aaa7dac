import fc from "fast-check";
import { expect, it } from "vitest";
import { chainOf } from "../../../shared/irl/chain.ts";
import { seeded } from "../../../shared/random.ts";
import { outcomes, randomMdp } from "./support.ts";

it("adds up what all actions lead to, and keeps staying apart", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
      const model = randomMdp({
        seed,
        nStates: 4,
        nActions: 3,
        branches: 3,
        nTerminals: 1,
        discount: 0.9,
        horizon: Number.POSITIVE_INFINITY,
      });
      const { nStates, nActions } = model;
      const random = seeded(seed, 1);
      // The first action is never taken.
      const policy = Float64Array.from({ length: nStates * nActions }, (_, i) =>
        i % nActions === 0 ? 0 : random.uniform(),
      );
      const { offsets, next, flow, stays } = chainOf(model, policy);
      for (let s = 0; s < nStates; s++) {
        const expected = new Float64Array(nStates);
        for (let a = 1; a < nActions; a++) {
          for (const outcome of outcomes(model, s, a))
            expected[outcome.next]! += 0.9 * policy[s * nActions + a]! * outcome.probability;
        }
        expect(stays[s]).toBeCloseTo(1 / (1 - expected[s]!), 12);
        expected[s] = 0;
        const entries = [...next.subarray(offsets[s]!, offsets[s + 1]!)];
        expect(new Set(entries).size).toBe(entries.length);
        entries.forEach((to, i) => {
          expect(flow[offsets[s]! + i]).toBeCloseTo(expected[to]!, 12);
          expected[to] = 0;
        });
        expect([...expected]).toEqual([0, 0, 0, 0]);
      }
    }),
  );
});
