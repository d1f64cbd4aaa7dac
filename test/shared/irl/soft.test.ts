import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Mdp, mdp } from "../../../shared/irl/mdp.ts";
import { softSolution, softValueIteration } from "../../../shared/irl/soft.ts";
import { startInflow, visitationFrequency, visitsFrom } from "../../../shared/irl/visitation.ts";
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

const finite = described(5);
const infinite = endless(finite);

/** Infinite horizons that look far ahead. */
const slow = [
  grid(6, { discount: 0.995 }),
  grid(6, { slip: 0.3, discount: 0.99 }),
  // A lap of 40 states: stay or go on.
  mdp({
    nStates: 40,
    nActions: 2,
    transitions: (s, a) => [{ next: (s + a) % 40, probability: 1 }],
    start: Array.from({ length: 40 }, (_, s) => (s === 7 ? 1 : 0)),
    discount: 0.99,
  }),
];

/** Two states: in the first one may stay (action 0) or go (action 1) to the second, a terminal. */
const stayOrGo = mdp({
  nStates: 2,
  nActions: 2,
  transitions: (_, a) => [{ next: a, probability: 1 }],
  terminals: [1],
  start: [1, 0],
  discount: 1,
  horizon: 2,
});

/** Expected discounted reward plus causal entropy of any policy, from the enumeration of all paths. */
function worth(model: Mdp, reward: Float64Array, policy: Float64Array): number {
  let total = 0;
  for (let s = 0; s < model.nStates; s++) {
    for (const { states, actions, luck } of paths(model, s)) {
      let probability = model.start[s]! * luck;
      let surprise = 0;
      actions.forEach((a, t) => {
        const p = policy[(t * model.nStates + states[t]!) * model.nActions + a]!;
        probability *= p;
        surprise -= model.discount ** t * Math.log(p);
      });
      if (probability > 0)
        total += probability * (discounted(states, reward, model.discount) + surprise);
    }
  }
  return total;
}

/** The textbook's soft Bellman backup of `later`: each state and action by itself. */
function backup(model: Mdp, reward: ArrayLike<number>, later: ArrayLike<number>) {
  const { nStates, nActions, discount } = model;
  const values = new Float64Array(nStates);
  const policy = new Float64Array(nStates * nActions).fill(1 / nActions);
  for (let s = 0; s < nStates; s++) {
    values[s] = reward[s]!;
    if (model.terminal[s]) continue;
    const q = Array.from({ length: nActions }, (_, a) =>
      sum(outcomes(model, s, a).map(({ next, probability }) => probability * later[next]!)),
    ).map((expected) => discount * expected);
    const most = Math.max(...q);
    const total = sum(q.map((each) => Math.exp(each - most)));
    values[s]! += most + Math.log(total);
    q.forEach((each, a) => {
      policy[s * nActions + a] = Math.exp(each - most) / total;
    });
  }
  return { values, policy };
}

/** Relative to the larger of the two arrays' largest and 1. */
function relativelyApart(a: Float64Array, b: Float64Array): number {
  return furthest(a, b) / Math.max(1, ...a.map(Math.abs), ...b.map(Math.abs));
}

describe("softValueIteration", () => {
  it("ends, at the fixed point, in models that hardly let go of one", () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = seeded(seed);
      const nStates = 2 + random.below(5);
      const nActions = 1 + random.below(3);
      const model = mdp({
        nStates,
        nActions,
        transitions: () => {
          const staying = 1 - 10 ** (-6 * random.uniform());
          return [
            { next: random.below(nStates), probability: staying },
            { next: random.below(nStates), probability: 1 - staying },
          ];
        },
        discount: 1 - 10 ** (-1 - 2 * random.uniform()),
      });
      const reward = Float64Array.from({ length: nStates }, () => 10 * random.normal());
      const { values, policy } = softValueIteration(model, reward);
      const backup = values.map((_, s) => {
        const q = Array.from({ length: nActions }, (_, a) => {
          const row = s * nActions + a;
          let sum = 0;
          for (let j = model.offsets[row]!; j < model.offsets[row + 1]!; j++)
            sum += model.probability[j]! * values[model.next[j]!]!;
          return model.discount * sum;
        });
        const most = Math.max(...q);
        return reward[s]! + most + Math.log(sum(q.map((value) => Math.exp(value - most))));
      });
      const size = Math.max(...values.map(Math.abs));
      expect(furthest(values, backup), `seed ${seed}`).toBeLessThan(1e-9 * Math.max(1, size));
      for (let s = 0; s < nStates; s++)
        expect(sum([...policy.subarray(s * nActions, (s + 1) * nActions)])).toBeCloseTo(1, 9);
    }
  });

  it("settles states that are hard to leave, however far from it the search begins", () => {
    // Each state goes on with a chance that depends on the action, and stays with the rest.
    const leaving = [0.002, 0.3, 0.9];
    const model = mdp({
      nStates: 6,
      nActions: 3,
      transitions: (s, a) => [
        { next: (s + 1) % 6, probability: leaving[(s + a) % 3]! },
        { next: s, probability: 1 - leaving[(s + a) % 3]! },
      ],
      discount: 0.95,
    });
    const reward = Float64Array.of(-40, 3, 0, -200, 25, 1);
    // Plain value iteration from 0: each sweep shrinks the error by 0.95.
    let expected = new Float64Array(6);
    for (let sweeps = 0; sweeps < 900; sweeps++) {
      expected = expected.map((_, s) => {
        const q = leaving.map((_, a) => {
          const on = leaving[(s + a) % 3]!;
          return 0.95 * (on * expected[(s + 1) % 6]! + (1 - on) * expected[s]!);
        });
        const most = Math.max(...q);
        return reward[s]! + most + Math.log(sum(q.map((value) => Math.exp(value - most))));
      });
    }
    for (const from of [0, 1e4, -1e4]) {
      const into = softSolution(model);
      into.values.fill(from);
      softValueIteration(model, reward, 1e-9, into);
      expect(furthest(into.values, expected)).toBeLessThan(1e-8);
    }
  });

  it("solves by hand: stay or go", () => {
    const { values, policy } = softValueIteration(stayOrGo, Float64Array.of(-1, 2));
    // V_1 = -1 + log(e^-1 + e^2), V_0 = -1 + log(e^V_1 + e^2)
    expect(furthest(values, [1.3265626, 2, 1.0485874, 2, -1, 2])).toBeLessThan(1e-6);
    expect(policy[1]).toBeCloseTo(0.7214, 4);
    expect(policy[1 * 4 + 1]).toBeCloseTo(0.952574, 6);
  });

  it("solves by hand: one state for ever", () => {
    const model = mdp({
      nStates: 1,
      nActions: 3,
      transitions: () => [{ next: 0, probability: 1 }],
      discount: 0.8,
    });
    const { values } = softValueIteration(model, Float64Array.of(-2), 1e-12);
    expect(values[0]).toBeCloseTo((-2 + Math.log(3)) / 0.2, 10);
  });

  it("has policies whose rows sum to one", () => {
    fc.assert(
      fc.property(fc.oneof(finite, infinite), (description) => {
        const model = randomMdp(description);
        const { policy } = softValueIteration(model, normals(model.nStates, seeded(1), 3));
        const times = Number.isFinite(model.horizon) ? model.horizon : 1;
        expect(policy.length).toBe(times * model.nStates * model.nActions);
        for (let row = 0; row < policy.length; row += model.nActions) {
          expect(sum(policy.subarray(row, row + model.nActions))).toBeCloseTo(1, 12);
        }
      }),
    );
  });

  it("gives each path of a deterministic world probability exp(reward) / Z", () => {
    fc.assert(
      fc.property(finite, (description) => {
        const model = randomMdp({ ...description, branches: 1, discount: 1 });
        const reward = normals(model.nStates, seeded(2));
        const { values, policy } = softValueIteration(model, reward);
        const all = paths(model, 0);
        const z = sum(all.map(({ states }) => Math.exp(discounted(states, reward, 1))));
        expect(values[0]).toBeCloseTo(Math.log(z), 10);
        for (const { states, actions } of all) {
          const likelihood = actions.reduce(
            (product, a, t) =>
              product * policy[(t * model.nStates + states[t]!) * model.nActions + a]!,
            1,
          );
          expect(likelihood).toBeCloseTo(Math.exp(discounted(states, reward, 1)) / z, 10);
        }
      }),
    );
  });

  it("finds the policy of most reward plus causal entropy, whose value is the values", () => {
    fc.assert(
      fc.property(finite, (description) => {
        const model = randomMdp({ ...description, horizon: Math.min(3, description.horizon) });
        const reward = normals(model.nStates, seeded(3));
        const { values, policy } = softValueIteration(model, reward);
        const best = worth(model, reward, policy);
        expect(sum(model.start.map((p, s) => p * values[s]!))).toBeCloseTo(best, 9);
        const random = seeded(4);
        for (let i = 0; i < 3; i++) {
          const other = policy.map((p) => p * Math.exp(0.5 * random.normal()));
          for (let row = 0; row < other.length; row += model.nActions) {
            const total = sum(other.subarray(row, row + model.nActions));
            for (let a = 0; a < model.nActions; a++) other[row + a]! /= total;
          }
          expect(worth(model, reward, other)).toBeLessThanOrEqual(best + 1e-12);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("is, over an infinite horizon, the limit of long ones, to the tolerance", () => {
    fc.assert(
      fc.property(infinite, (description) => {
        const stationary = randomMdp(description);
        const long = randomMdp({ ...description, horizon: 700 });
        const reward = normals(stationary.nStates, seeded(5), 2);
        const limit = softValueIteration(long, reward);
        for (const tolerance of [1e-2, 1e-9]) {
          const { values, policy } = softValueIteration(stationary, reward, tolerance);
          expect(furthest(values, limit.values.subarray(0, values.length))).toBeLessThanOrEqual(
            tolerance,
          );
          expect(furthest(policy, limit.policy.subarray(0, policy.length))).toBeLessThanOrEqual(
            2 * tolerance,
          );
        }
      }),
      { numRuns: 30 },
    );
  });

  it("starts from any given values", () => {
    const model = grid(4, { slip: 0.1, discount: 0.9 });
    const reward = normals(16, seeded(6));
    const cold = softValueIteration(model, reward, 1e-11);
    const policy = new Float64Array(16 * 5);
    for (const values of [
      normals(16, seeded(7), 1e3),
      new Float64Array(16).fill(Number.NaN),
      cold.values.slice(),
    ]) {
      const warm = softValueIteration(model, reward, 1e-11, { values, policy });
      expect(warm.values).toBe(values);
      expect(furthest(values, cold.values)).toBeLessThan(1e-10);
      expect(furthest(policy, cold.policy)).toBeLessThan(1e-10);
    }
  });

  it("neither overflows nor underflows", () => {
    for (const horizon of [50, Number.POSITIVE_INFINITY]) {
      const model = grid(4, { terminals: [15], discount: 0.99, horizon });
      for (const scale of [1e4, -1e4]) {
        const { values, policy } = softValueIteration(
          model,
          new Float64Array(16).map((_, s) => scale * (s % 3)),
        );
        expect([...values, ...policy].every(Number.isFinite)).toBe(true);
      }
    }
  });

  it("equals the textbook's backup to a part in 10¹², however far apart the values", () => {
    fc.assert(
      fc.property(finite, fc.constantFrom(1, 30, 1e3, 1e5), (description, scale) => {
        const model = randomMdp(description);
        const { nStates, nActions, horizon } = model;
        const reward = normals(nStates, seeded(11), scale);
        const { values, policy } = softValueIteration(model, reward);
        expect([...values.subarray(horizon * nStates)]).toEqual([...reward]);
        for (let t = 0; t < horizon; t++) {
          const now = [t * nStates, (t + 1) * nStates] as const;
          const later = values.subarray(now[1], now[1] + nStates);
          const textbook = backup(model, reward, later);
          expect(relativelyApart(values.subarray(...now), textbook.values)).toBeLessThan(1e-12);
          const rows = policy.subarray(now[0] * nActions, now[1] * nActions);
          // Rounding errors of values are relative errors of probabilities.
          expect(furthest(rows, textbook.policy)).toBeLessThan(1e-12 * Math.max(1, scale));
        }
      }),
    );
  });

  it("keeps very small values exact: two separate chains, 2000 nats apart", () => {
    const model = mdp({
      nStates: 4,
      nActions: 2,
      transitions: (s, a) => [{ next: 2 * Math.floor(s / 2) + a, probability: 1 }],
      discount: 0.5,
    });
    const reward = Float64Array.of(2, 1, -998, -999);
    const { values, policy } = softValueIteration(model, reward, 1e-11);
    expect(values[2]! + 2000).toBeCloseTo(values[0]!, 9);
    expect(furthest(policy.subarray(4), policy.subarray(0, 4))).toBeLessThan(1e-10);
    expect(policy[0]).toBeGreaterThan(policy[1]! + 0.1);
  });

  it("is within its tolerance of the fixed point where plain sweeps are slow", () => {
    for (const model of slow) {
      const reward = normals(model.nStates, seeded(12), 2);
      const { values, policy } = softValueIteration(model, reward, 1e-8);
      const next = backup(model, reward, values);
      // V and its backup are each within the tolerance of the fixed point.
      expect(furthest(next.values, values)).toBeLessThanOrEqual(2e-8);
      expect(furthest(next.policy, policy)).toBeLessThan(1e-7);
    }
  });

  it("ends where the tolerance is below rounding", () => {
    for (const model of slow) {
      const { values, policy } = softValueIteration(model, normals(model.nStates, seeded(13)), 0);
      const next = backup(model, normals(model.nStates, seeded(13)), values);
      expect(relativelyApart(next.values, values)).toBeLessThan(1e-13);
      const visits = visitationFrequency(model, policy, model.start, 0);
      expect(sum(visits) * (1 - model.discount)).toBeCloseTo(1, 12);
    }
  });

  it("rejects rewards of the wrong length or with NaN", () => {
    expect(() => softValueIteration(stayOrGo, new Float64Array(3))).toThrow(
      /3 entries for 2 states/,
    );
    expect(() => softValueIteration(stayOrGo, Float64Array.of(0, Number.NaN))).toThrow(/finite/);
    expect(() =>
      softValueIteration(stayOrGo, Float64Array.of(0, Number.NEGATIVE_INFINITY)),
    ).toThrow(/finite/);
  });
});

describe("visitationFrequency", () => {
  it("counts by hand: stay or go", () => {
    const { policy } = softValueIteration(stayOrGo, Float64Array.of(-1, 2));
    const stay = 1 - 0.7214;
    const visits = visitationFrequency(stayOrGo, policy);
    expect(visits[0]).toBeCloseTo(1 + stay + stay * (1 - 0.952574), 4);
    expect(visits[1]).toBeCloseTo(0.7214 + stay * 0.952574, 4);
  });

  it("sums to horizon + 1 without discount and terminals", () => {
    fc.assert(
      fc.property(finite, (description) => {
        const model = randomMdp({ ...description, nTerminals: 0, discount: 1 });
        const { policy } = softValueIteration(model, normals(model.nStates, seeded(1)));
        expect(sum(visitationFrequency(model, policy))).toBeCloseTo(model.horizon + 1, 10);
      }),
    );
  });

  it("sums to 1 / (1 - discount) over an infinite horizon without terminals", () => {
    fc.assert(
      fc.property(infinite, (description) => {
        const model = randomMdp({ ...description, nTerminals: 0 });
        const { policy } = softValueIteration(model, normals(model.nStates, seeded(1)));
        const visits = visitationFrequency(model, policy, model.start, 1e-9);
        expect(Math.abs(sum(visits) - 1 / (1 - model.discount))).toBeLessThanOrEqual(1e-9);
      }),
    );
  });

  it("equals the enumeration of all paths, with chance, terminals and discount", () => {
    fc.assert(
      fc.property(finite, (description) => {
        const model = randomMdp(description);
        const { policy } = softValueIteration(model, normals(model.nStates, seeded(8)));
        const expected = new Float64Array(model.nStates);
        for (let s = 0; s < model.nStates; s++) {
          for (const { states, actions, luck } of paths(model, s)) {
            const probability = actions.reduce(
              (product, a, t) =>
                product * policy[(t * model.nStates + states[t]!) * model.nActions + a]!,
              model.start[s]! * luck,
            );
            states.forEach((state, t) => {
              expected[state]! += probability * model.discount ** t;
            });
          }
        }
        expect(furthest(visitationFrequency(model, policy), expected)).toBeLessThan(1e-10);
      }),
    );
  });

  it("solves the linear equations of an infinite horizon", () => {
    fc.assert(
      fc.property(infinite, (description) => {
        const model = randomMdp(description);
        const { policy } = softValueIteration(model, normals(model.nStates, seeded(9)));
        const visits = visitationFrequency(model, policy, model.start, 1e-11);
        const inflow = model.start.slice();
        for (let s = 0; s < model.nStates; s++) {
          if (model.terminal[s]) continue;
          for (let a = 0; a < model.nActions; a++) {
            for (const { next, probability } of outcomes(model, s, a)) {
              inflow[next]! +=
                model.discount * visits[s]! * policy[s * model.nActions + a]! * probability;
            }
          }
        }
        expect(furthest(visits, inflow)).toBeLessThan(1e-10);
      }),
    );
  });

  it("solves them to its tolerance where plain sweeps are slow, for signed inflows too", () => {
    for (const model of slow) {
      const { nStates, nActions, discount } = model;
      const { policy } = softValueIteration(model, normals(nStates, seeded(14), 2));
      const inflow = startInflow(normals(nStates, seeded(15)));
      const tolerance = 1e-8;
      const visits = visitsFrom(model, policy, inflow, tolerance);
      const left = visits.map((mass) => -mass);
      inflow.state.forEach((s, i) => {
        left[s]! += inflow.mass[i]!;
      });
      for (let s = 0; s < nStates; s++) {
        for (let a = 0; a < nActions; a++) {
          for (const { next, probability } of outcomes(model, s, a)) {
            left[next]! += discount * visits[s]! * policy[s * nActions + a]! * probability;
          }
        }
      }
      expect(sum(left.map(Math.abs)) / (1 - discount)).toBeLessThanOrEqual(1.01 * tolerance);
    }
  });

  it("visits no unreachable state", () => {
    const model = mdp({
      nStates: 3,
      nActions: 2,
      transitions: (s, a) => [{ next: s === 2 ? a : 1 - s, probability: 1 }],
      start: [1, 0, 0],
      discount: 0.9,
    });
    const { policy } = softValueIteration(model, Float64Array.of(0, 0, 100));
    expect(visitationFrequency(model, policy)[2]).toBe(0);
  });
});

describe("potential-based shaping", () => {
  /**
   * The reward is a function of the state, and shaping is one of the step: γ Φ(s') − Φ(s) (Ng, Harada
   * and Russell 1999). So every action first leads to a state of its own, from which chance moves on,
   * whatever is done there. A decision then takes two steps of discount √γ. Shaping takes Φ(s) on
   * every visit to s, the last one included, and pays √γ E[Φ(s')] at the action's state, so that over
   * any path it sums to −Φ(s_0) exactly, whether that ends at a terminal, at the horizon or never.
   */
  function withActionStates(model: Mdp): Mdp {
    const { nStates, nActions } = model;
    return mdp({
      nStates: nStates * (1 + nActions),
      nActions,
      transitions: (s, a) =>
        s < nStates
          ? [{ next: nStates + s * nActions + a, probability: 1 }]
          : model.terminal[Math.floor((s - nStates) / nActions)]
            ? [{ next: s, probability: 1 }]
            : outcomes(model, Math.floor((s - nStates) / nActions), (s - nStates) % nActions),
      terminals: [...model.terminal.keys()].filter((s) => model.terminal[s]),
      discount: Math.sqrt(model.discount),
      horizon: 2 * model.horizon,
    });
  }

  it("changes no policy, and lowers each value by the potential", () => {
    fc.assert(
      fc.property(
        fc.oneof(finite, infinite),
        fc.integer({ min: 0, max: 1e6 }),
        (description, seed) => {
          const model = randomMdp(description);
          const { nStates, nActions, discount } = model;
          const twice = withActionStates(model);
          const reward = new Float64Array(twice.nStates);
          reward.set(normals(nStates, seeded(10)));
          const potential = normals(nStates, seeded(seed), 5);
          const shaped = reward.slice();
          for (let s = 0; s < nStates; s++) {
            shaped[s]! -= potential[s]!;
            if (model.terminal[s]) continue;
            for (let a = 0; a < nActions; a++) {
              for (const { next, probability } of outcomes(model, s, a)) {
                shaped[nStates + s * nActions + a]! +=
                  Math.sqrt(discount) * probability * potential[next]!;
              }
            }
          }
          const plain = softValueIteration(twice, reward, 1e-11);
          const moved = softValueIteration(twice, shaped, 1e-11);
          for (let s = 0; s < nStates; s++) {
            expect(moved.values[s]).toBeCloseTo(plain.values[s]! - potential[s]!, 8);
          }
          // Decisions are at even times; at odd ones only the actions' states are ever visited.
          const step = 2 * twice.nStates * nActions;
          for (let row = 0; row < plain.policy.length; row += step) {
            const own = [row, row + nStates * nActions] as const;
            expect(
              furthest(moved.policy.subarray(...own), plain.policy.subarray(...own)),
            ).toBeLessThan(1e-8);
          }
        },
      ),
    );
  });

  /** States are steps: (previous, current) is state previous · n + current. */
  function onEdges(model: Mdp): Mdp {
    const { nStates, nActions, terminal, discount } = model;
    return mdp({
      nStates: nStates * nStates,
      nActions,
      transitions: (edge, a) =>
        outcomes(model, edge % nStates, a).map(({ next, probability }) => ({
          next: (edge % nStates) * nStates + next,
          probability,
        })),
      terminals: Array.from({ length: nStates * nStates }, (_, edge) => edge).filter(
        (edge) => terminal[edge % nStates],
      ),
      discount,
    });
  }

  it("does so where each step pays γ Φ(s') − Φ(s) for the state that followed, not for the expected one", () => {
    fc.assert(
      fc.property(infinite, fc.integer({ min: 0, max: 1e6 }), (description, seed) => {
        const model = randomMdp(description);
        const { nStates, nActions, terminal, discount } = model;
        const edges = onEdges(model);
        const reward = normals(nStates, seeded(10));
        // The potential of an end is 0 (Ng et al., theorem 1).
        const potential = normals(nStates, seeded(seed), 5).map((p, s) => (terminal[s] ? 0 : p));
        // A step's payment is collected on arrival, discounted by γ.
        const paid = (previous: number, current: number) =>
          (discount * potential[current]! - potential[previous]!) / discount;
        const shaped = new Float64Array(edges.nStates).map(
          (_, edge) => reward[edge % nStates]! + paid(Math.floor(edge / nStates), edge % nStates),
        );
        const plain = softValueIteration(model, reward, 1e-11);
        const moved = softValueIteration(edges, shaped, 1e-11);
        for (let edge = 0; edge < edges.nStates; edge++) {
          const s = edge % nStates;
          const past = potential[Math.floor(edge / nStates)]! / discount;
          expect(moved.values[edge]).toBeCloseTo(plain.values[s]! - past, 8);
          expect(
            furthest(
              moved.policy.subarray(edge * nActions, (edge + 1) * nActions),
              plain.policy.subarray(s * nActions, (s + 1) * nActions),
            ),
          ).toBeLessThan(1e-8);
        }
      }),
    );
  });
});
