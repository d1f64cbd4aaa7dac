import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Demonstration,
  type EvidenceOptions,
  evidenceOf,
  featureExpectations,
  featuresOf,
  linearReward,
} from "../../../shared/irl/features.ts";
import { absorbing, type Mdp, mdp } from "../../../shared/irl/mdp.ts";
import { softValueIteration } from "../../../shared/irl/soft.ts";
import { seeded } from "../../../shared/random.ts";
import { furthest, grid, normals, randomMdp, sample } from "./support.ts";

const nFeatures = 3;

/** w · f − Σ_i mass_i V_w(state_i), the log-likelihood by the evidence. */
function meaning(
  model: Mdp,
  features: Float64Array,
  weights: Float64Array,
  demonstrations: Demonstration[],
  reading: EvidenceOptions,
) {
  const evidence = evidenceOf(model, features, nFeatures, demonstrations, reading);
  const { values } = softValueIteration(model, linearReward(features, weights), 1e-12);
  let total = 0;
  weights.forEach((w, k) => {
    total += w * evidence.features[k]!;
  });
  evidence.inflow.mass.forEach((mass, i) => {
    total -= mass * values[evidence.inflow.at[i]! * model.nStates + evidence.inflow.state[i]!]!;
  });
  return total;
}

/** The mean over demonstrations of Σ_t c_t log π_t(a_t | s_t), c_t = γ^t or 1, from the policy itself. */
function logLikelihood(
  model: Mdp,
  features: Float64Array,
  weights: Float64Array,
  demonstrations: Demonstration[],
  evenly = false,
) {
  const { policy } = softValueIteration(model, linearReward(features, weights), 1e-12);
  const { nStates, nActions, discount } = model;
  let total = 0;
  for (const { states, actions, leftOut } of demonstrations) {
    for (let t = 0; t < actions!.length; t++) {
      if (leftOut?.[t]) continue;
      const row = ((Number.isFinite(model.horizon) ? t * nStates : 0) + states[t]!) * nActions;
      total +=
        ((evenly ? 1 : discount ** t) * Math.log(policy[row + actions![t]!]!)) /
        demonstrations.length;
    }
  }
  return total;
}

/** Demonstrations of all lengths, some of whose steps are left out. */
function samples(model: Mdp, seed: number, longest: number): Demonstration[] {
  const random = seeded(seed);
  const { policy } = softValueIteration(model, normals(model.nStates, random));
  return Array.from({ length: 4 }, () => {
    const { states, actions } = sample(model, policy, random.below(longest + 1), random);
    return { states, actions, leftOut: actions.map(() => (random.uniform() < 0.2 ? 1 : 0)) };
  });
}

const description = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  nStates: fc.integer({ min: 2, max: 6 }),
  nActions: fc.integer({ min: 1, max: 3 }),
  nTerminals: fc.integer({ min: 0, max: 2 }),
  discount: fc.constantFrom(0.5, 0.9, 1),
  horizon: fc.constantFrom(1, 4, 7, Number.POSITIVE_INFINITY),
});
const problems = description.map((d) =>
  Number.isFinite(d.horizon) ? d : { ...d, discount: Math.min(0.9, d.discount) },
);

describe("featureExpectations", () => {
  it("is the mean over demonstrations of discounted sums with the final state, by hand", () => {
    const features = Float64Array.of(1, 10, 0, 20, 5, 0); // [3][2]
    const expectations = featureExpectations(features, 2, [[0, 1, 2], [2]], 0.5);
    // (1 + 0/2 + 5/4 + 5) / 2, (10 + 20/2 + 0/4 + 0) / 2
    expect([...expectations]).toEqual([3.625, 10]);
  });
});

describe("evidenceOf", () => {
  it("is, for complete demonstrations, their feature expectations and their starts", () => {
    const model = grid(3, { slip: 0.3, terminals: [8], discount: 0.9, horizon: 5 });
    const features = normals(9 * nFeatures, seeded(1));
    const demonstrations = [
      { states: [0, 1, 2, 5, 8] }, // to the terminal
      { states: [3, 3, 4, 4, 1, 0] }, // to the horizon
      { states: [0, 3, 6, 7, 7, 8] }, // to both
    ];
    const evidence = evidenceOf(model, features, nFeatures, demonstrations);
    const states = demonstrations.map(({ states }) => states);
    expect(
      furthest(evidence.features, featureExpectations(features, nFeatures, states, 0.9)),
    ).toBeLessThan(1e-12);
    expect([...evidence.inflow.at]).toEqual([0, 0]);
    expect([...evidence.inflow.state]).toEqual([0, 3]);
    expect(furthest(evidence.inflow.mass, [2 / 3, 1 / 3])).toBeLessThan(1e-12);
    expect(furthest(evidence.start, [2 / 3, 0, 0, 1 / 3, 0, 0, 0, 0, 0])).toBeLessThan(1e-12);
    // Nothing is chosen in the last state.
    const chosen = [2, 0.9 + 0.9 ** 4, 0.81, 1 + 0.9 + 0.9, 0.81 + 0.9 ** 3];
    chosen.push(0.9 ** 3, 0.81, 0.9 ** 3 + 0.9 ** 4, 0);
    expect(
      furthest(
        evidence.decisions!,
        chosen.map((weight) => weight / 3),
      ),
    ).toBeLessThan(1e-12);
  });

  it("is, with expected outcomes, the log-likelihood of the actions: chance, terminals, any length, steps left out", () => {
    fc.assert(
      fc.property(problems, fc.boolean(), (problem, even) => {
        const model = randomMdp(problem);
        const evenly = even && !Number.isFinite(model.horizon);
        const demonstrations = samples(model, problem.seed, Math.min(10, model.horizon));
        const features = normals(model.nStates * nFeatures, seeded(2));
        const weights = normals(nFeatures, seeded(3));
        const said = meaning(model, features, weights, demonstrations, {
          outcomes: "expected",
          evenly,
        });
        expect(said).toBeCloseTo(
          logLikelihood(model, features, weights, demonstrations, evenly),
          8,
        );
      }),
    );
  });

  it("is the same with observed outcomes in a deterministic world", () => {
    fc.assert(
      fc.property(problems, fc.boolean(), (problem, even) => {
        const model = randomMdp({ ...problem, branches: 1 });
        const evenly = even && !Number.isFinite(model.horizon);
        const demonstrations = samples(model, problem.seed, Math.min(10, model.horizon));
        const features = normals(model.nStates * nFeatures, seeded(4));
        const weights = normals(nFeatures, seeded(5));
        const said = meaning(model, features, weights, demonstrations, { evenly });
        expect(said).toBeCloseTo(
          logLikelihood(model, features, weights, demonstrations, evenly),
          8,
        );
      }),
    );
  });

  it("is the same for an episode that stays in its absorbing end and for one cut off there", () => {
    const model = absorbing(grid(3, { terminals: [8], discount: 1, horizon: 9 }));
    const features = normals(9 * nFeatures, seeded(6));
    const ended = [{ states: [0, 1, 2, 5, 8] }];
    const stayed = [{ states: [0, 1, 2, 5, 8, 8, 8, 8, 8, 8] }];
    const difference = (weights: Float64Array) =>
      meaning(model, features, weights, ended, {}) - meaning(model, features, weights, stayed, {});
    // Each of the five steps there is a choice among five actions with the same effect.
    expect(difference(normals(nFeatures, seeded(7)))).toBeCloseTo(5 * Math.log(5), 9);
    expect(difference(normals(nFeatures, seeded(8)))).toBeCloseTo(5 * Math.log(5), 9);
  });

  it("rejects invalid demonstrations and names the place", () => {
    const model = mdp({
      nStates: 3,
      nActions: 1,
      transitions: () => [{ next: 2, probability: 1 }],
      terminals: [2],
      discount: 1,
      horizon: 2,
    });
    const read = (demonstrations: Demonstration[], reading?: EvidenceOptions) => () =>
      evidenceOf(model, new Float64Array(3), 1, demonstrations, reading);
    const good = { states: [0, 2], actions: [0] };
    expect(read([good], { outcomes: "expected" })).not.toThrow();
    expect(read([])).toThrow(/no demonstration/);
    expect(read([good, { states: [] }])).toThrow(/demonstration 1 is empty/);
    expect(read([{ states: [0, 1, 1, 2] }])).toThrow(/demonstration 0 has 3 steps, more than 2/);
    expect(read([{ states: [0, 3] }])).toThrow(/demonstration 0, time 1: state.*3/);
    expect(read([{ states: [0, 2, 1] }])).toThrow(/goes on after its terminal, time 1/);
    expect(read([{ states: [0, 2] }], { outcomes: "expected" })).toThrow(
      /an action for each of its 1 steps/,
    );
    expect(read([{ states: [0, 2], actions: [1] }], { outcomes: "expected" })).toThrow(
      /time 0: action.*1/,
    );
    expect(read([good], { evenly: true })).toThrow(/infinite horizon/);
  });
});

describe("linearReward and featuresOf", () => {
  it("are each other's transpose: Σ_s visits(s) w · φ(s) both ways", () => {
    const features = normals(5 * nFeatures, seeded(9));
    const weights = normals(nFeatures, seeded(10));
    const visits = normals(5, seeded(11));
    const reward = linearReward(features, weights);
    const left = reward.reduce((sum, r, s) => sum + r * visits[s]!, 0);
    const right = featuresOf(features, nFeatures, visits).reduce(
      (sum, f, k) => sum + f * weights[k]!,
      0,
    );
    expect(reward.length).toBe(5);
    expect(left).toBeCloseTo(right, 12);
  });
});
