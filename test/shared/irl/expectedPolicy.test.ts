import { expect, test } from "vitest";
import { sigmaPoints } from "../../../shared/irl/belief.ts";
import { expectedPolicy, likelihoodBy, normalPairs } from "../../../shared/irl/expectedPolicy.ts";
import { linearReward } from "../../../shared/irl/features.ts";
import type { Model } from "../../../shared/irl/lattice.ts";
import { personIn } from "../../../shared/irl/persons.ts";
import { toldIn } from "../../../shared/irl/severalWorlds.ts";
import { softValueIteration } from "../../../shared/irl/soft.ts";
import { seeded } from "../../../shared/random.ts";
import { ellipticalSlice } from "./ellipticalSlice.ts";
import { grid, grounds, sample } from "./support.ts";

const [horizon, nFeatures, deviation] = [12, 3, 3];
const prior = {
  mean: new Float64Array(nFeatures),
  variance: new Float64Array(nFeatures).fill(deviation ** 2),
};
const mdp = grid(4, { slip: 0.1, discount: 1, horizon });
const model: Model = { mdp, features: grounds(16, nFeatures, seeded(1)) };
const policyFor = (weights: Float64Array) =>
  softValueIteration(mdp, linearReward(model.features, weights)).policy;
/** A walk of somebody who avoids the first ground: it says little of how strongly. */
const walks = [sample(mdp, policyFor(Float64Array.of(-4, 0, 1)), horizon, seeded(2))];

const meanOf = (policies: readonly Float64Array[]) =>
  policies[0]!.map((_, i) =>
    policies.reduce((sum, policy) => sum + policy[i]! / policies.length, 0),
  );
const apart = (a: Float64Array, b: Float64Array) =>
  Math.sqrt(a.reduce((sum, p, i) => sum + (p - b[i]!) ** 2 / a.length, 0));

test("is the mean over samples of the posterior, which that over Laplace's normal distribution is not", () => {
  const samples = ellipticalSlice(
    deviation,
    (weights) => {
      const { perStep, steps } = likelihoodBy(model, policyFor(weights), walks);
      return perStep * steps;
    },
    new Float64Array(nFeatures),
    1500,
    seeded(3),
  );
  const exact = meanOf(samples.map(policyFor));
  const drawn = expectedPolicy(model, walks, prior, normalPairs(400, nFeatures, seeded(4)));
  const { weights, covariance } = personIn(toldIn([{ model, demonstrations: walks }]), prior);
  const normal = meanOf(sigmaPoints(weights, covariance).map(policyFor));
  expect(apart(drawn, exact)).toBeLessThan(0.008);
  expect(apart(normal, exact)).toBeGreaterThan(0.035);
});

test("is the prior's where there are no walks, as exactly as its draws", () => {
  const drawn = expectedPolicy(model, [], prior, normalPairs(1000, nFeatures, seeded(5)));
  const random = seeded(6);
  const exact = meanOf(
    Array.from({ length: 1500 }, () =>
      policyFor(prior.mean.map(() => deviation * random.normal())),
    ),
  );
  expect(apart(drawn, exact)).toBeLessThan(0.008);
});

test("comes to policies, and is the same from the same draws", () => {
  const draws = normalPairs(8, nFeatures, seeded(7));
  expect(draws).toHaveLength(8);
  expect(draws[0]!.map((z, k) => z + draws[1]![k]!)).toEqual(new Float64Array(nFeatures));
  const policy = expectedPolicy(model, walks, prior, draws);
  for (let row = 0; row < policy.length; row += mdp.nActions) {
    const total = policy.subarray(row, row + mdp.nActions).reduce((sum, p) => sum + p, 0);
    expect(total).toBeCloseTo(1, 12);
  }
  expect(expectedPolicy(model, walks, prior, draws)).toEqual(policy);
});
