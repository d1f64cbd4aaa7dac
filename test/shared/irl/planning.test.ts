import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Mdp, mdp } from "../../../shared/irl/mdp.ts";
import { policyValue, valueIteration } from "../../../shared/irl/planning.ts";
import { softValueIteration } from "../../../shared/irl/soft.ts";
import { seeded } from "../../../shared/random.ts";
import {
  finite as described,
  discounted,
  endless,
  furthest,
  grid,
  normals,
  outcomes,
  paths,
  randomMdp,
  sum,
} from "./support.ts";

const finite = described(4);
const infinite = endless(finite);
const any = fc.oneof(finite, infinite);

/** Two states: in the first one may stay (action 0) or go (action 1) to the second, a terminal. */
const stayOrGo = (discount: number, horizon: number) =>
  mdp({
    nStates: 2,
    nActions: 2,
    transitions: (_, a) => [{ next: a, probability: 1 }],
    terminals: [1],
    start: [1, 0],
    discount,
    horizon,
  });

/** All deterministic stationary policies [s][a]. */
function fixedPolicies({ nStates, nActions }: Mdp): Float64Array[] {
  return Array.from({ length: nActions ** nStates }, (_, i) => {
    const policy = new Float64Array(nStates * nActions);
    for (let s = 0; s < nStates; s++) {
      policy[s * nActions + (Math.floor(i / nActions ** s) % nActions)] = 1;
    }
    return policy;
  });
}

describe("valueIteration", () => {
  it("solves by hand: stay or go", () => {
    const { values, policy } = valueIteration(stayOrGo(1, 2), Float64Array.of(1, 1.5));
    expect([...values]).toEqual([3.5, 1.5, 2.5, 1.5, 1, 1.5]);
    // A terminal's rows mean nothing.
    expect([...policy.subarray(0, 2), ...policy.subarray(4, 6)]).toEqual([1, 0, 0, 1]);
    const forever = valueIteration(
      stayOrGo(0.5, Number.POSITIVE_INFINITY),
      Float64Array.of(-1, -3),
    );
    expect(forever.values[0]).toBeCloseTo(-2, 8);
    expect([...forever.policy.subarray(0, 2)]).toEqual([1, 0]);
  });

  it("is the limit of soft value iteration as rewards grow", () => {
    fc.assert(
      fc.property(any, (description) => {
        const model = randomMdp(description);
        const { nActions, discount, horizon } = model;
        const reward = normals(model.nStates, seeded(2));
        const { values } = valueIteration(model, reward);
        // Entropy is worth at most log nActions a decision.
        const decisions = Number.isFinite(horizon) ? horizon : 1 / (1 - discount);
        for (const scale of [10, 1000]) {
          const soft = softValueIteration(
            model,
            reward.map((r) => scale * r),
          );
          const excess = soft.values.map((value, i) => value / scale - values[i]!);
          expect(Math.min(...excess)).toBeGreaterThan(-1e-8);
          expect(Math.max(...excess)).toBeLessThan((decisions * Math.log(nActions)) / scale + 1e-8);
        }
      }),
    );
  });

  it("finds the best of all stationary policies", () => {
    fc.assert(
      fc.property(infinite, (description) => {
        const model = randomMdp(description);
        const reward = normals(model.nStates, seeded(3));
        const { policy } = valueIteration(model, reward);
        const all = fixedPolicies(model).map((fixed) => policyValue(model, reward, fixed));
        expect(policyValue(model, reward, policy)).toBeCloseTo(Math.max(...all), 7);
      }),
    );
  });

  it("has a policy whose value is the values, whatever the order of states", () => {
    fc.assert(
      fc.property(any, (description) => {
        const model = randomMdp(description);
        const reward = normals(model.nStates, seeded(4));
        const { values, policy } = valueIteration(model, reward);
        expect(policyValue(model, reward, policy)).toBeCloseTo(
          sum(model.start.map((p, s) => p * values[s]!)),
          7,
        );
        const other = valueIteration({ ...model, order: model.order.toReversed() }, reward);
        expect(furthest(values, other.values)).toBeLessThan(1e-8);
        expect(furthest(policy, other.policy)).toBe(0);
      }),
    );
  });

  it.each([0.9, 0.98])("is the fixed point of plain sweeps, discount %d", (discount) => {
    const model = grid(9, { slip: 0.3, discount, terminals: [44] });
    const reward = normals(model.nStates, seeded(7));
    const value = (values: Float64Array, s: number) => {
      if (model.terminal[s]) return reward[s]!;
      const ahead = Array.from({ length: model.nActions }, (_, a) =>
        sum(outcomes(model, s, a).map(({ next, probability }) => probability * values[next]!)),
      );
      return reward[s]! + discount * Math.max(...ahead);
    };
    let plain = new Float64Array(model.nStates);
    for (let change = 1; change > 1e-12; ) {
      const next = plain.map((_, s) => value(plain, s));
      change = furthest(next, plain);
      plain = next;
    }
    expect(furthest(valueIteration(model, reward).values, plain)).toBeLessThan(2e-9);
  });

  it.each([12, Number.POSITIVE_INFINITY])("shares ties evenly, horizon %d", (horizon) => {
    const model = grid(4, { slip: 0.1, discount: 0.9, horizon });
    const row = (policy: Float64Array, s: number) => [...policy.subarray(s * 5, (s + 1) * 5)];
    for (const c of [0, 1 / 3, -1e6]) {
      const { policy } = valueIteration(model, new Float64Array(16).fill(c));
      expect(new Set(policy)).toEqual(new Set([0.2]));
    }
    // To the last corner two moves are equally good on the diagonal; in the corner, walking into the border and staying.
    const corner = new Float64Array(16).with(15, 0.1);
    const { policy } = valueIteration(model, corner);
    for (const s of [0, 5, 10]) expect(row(policy, s)).toEqual([0, 0.5, 0, 0.5, 0]);
    expect(row(policy, 12)).toEqual([0, 0, 0, 1, 0]);
    expect(row(policy, 15)).toEqual([0, 1 / 3, 0, 1 / 3, 1 / 3]);
    // A slight difference is no tie.
    const uneven = valueIteration(model, corner.with(1, 1e-6)).policy;
    expect(row(uneven, 0)).toEqual([0, 0, 0, 1, 0]);
  });

  it("rejects invalid rewards", () => {
    const model = stayOrGo(1, 2);
    expect(() => valueIteration(model, new Float64Array(3))).toThrow(/3 entries for 2 states/);
    expect(() => valueIteration(model, Float64Array.of(0, Number.NaN))).toThrow(/finite/);
  });
});

describe("policyValue", () => {
  it("equals the enumeration of all paths", () => {
    fc.assert(
      fc.property(finite, (description) => {
        const model = randomMdp(description);
        const reward = normals(model.nStates, seeded(5));
        const { policy } = softValueIteration(model, normals(model.nStates, seeded(6)));
        let expected = 0;
        for (let s = 0; s < model.nStates; s++) {
          for (const { states, actions, luck } of paths(model, s)) {
            const probability = actions.reduce(
              (product, a, t) =>
                product * policy[(t * model.nStates + states[t]!) * model.nActions + a]!,
              model.start[s]! * luck,
            );
            expected += probability * discounted(states, reward, model.discount);
          }
        }
        expect(policyValue(model, reward, policy)).toBeCloseTo(expected, 9);
      }),
      { numRuns: 40 },
    );
  });
});
