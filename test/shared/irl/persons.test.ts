import { describe, expect, it } from "vitest";
import { mean } from "../../../shared/imitation/statistics.ts";
import { sigmaPoints } from "../../../shared/irl/belief.ts";
import { linearReward } from "../../../shared/irl/features.ts";
import { mdp as mdpOf } from "../../../shared/irl/mdp.ts";
import { personIn, populationOf, priorFrom } from "../../../shared/irl/persons.ts";
import { likelihoodOf } from "../../../shared/irl/scores.ts";
import { maxEntOver, modeOf, type Told, toldIn } from "../../../shared/irl/severalWorlds.ts";
import { softValueIteration } from "../../../shared/irl/soft.ts";
import { seeded } from "../../../shared/random.ts";
import reference from "./population/reference.json";
import { furthest, grid, grounds, normals, sample } from "./support.ts";

const deviation = 3;
const horizon = 12;
const nFeatures = 3;

/** Three persons who walk by weights of their own in a grid, the first of them least often. */
function people() {
  const mdp = grid(4, { slip: 0.1, discount: 1, horizon });
  const model = { mdp, features: grounds(16, nFeatures, seeded(1)) };
  const random = seeded(2);
  return [2, 6, 8].map((n) => {
    const weights = normals(nFeatures, random);
    const { policy } = softValueIteration(mdp, linearReward(model.features, weights));
    const demonstrations = Array.from({ length: n }, () => sample(mdp, policy, horizon, random));
    return { model, demonstrations };
  });
}

/** Of one weight: ½ curvature (w − lowest)². */
const parabola = (curvature: number, lowest: number): Told => ({
  nFeatures: 1,
  count: 1,
  loss([w], gradient) {
    gradient[0] = curvature * (w! - lowest);
    return (gradient[0] * (w! - lowest)) / 2;
  },
  information: () => Float64Array.of(curvature),
});

describe("a population", () => {
  it("is all demonstrations together where nobody differs, and each alone where all may", () => {
    const shown = people();
    const persons = shown.map((own) => toldIn([own]));
    const like = populationOf(persons, deviation, new Float64Array(nFeatures).fill(1e-7));
    const pooled = maxEntOver(shown, deviation).weights;
    for (const { weights } of like.persons) expect(furthest(weights, pooled)).toBeLessThan(1e-4);
    expect(furthest(like.mean, pooled)).toBeLessThan(1e-4);

    const unlike = populationOf(persons, deviation, new Float64Array(nFeatures).fill(1e7));
    const anything = { mean: new Float64Array(nFeatures), variance: [1e7, 1e7, 1e7] };
    persons.forEach((told, i) => {
      const { weights: alone } = modeOf(told, anything, new Float64Array(nFeatures));
      expect(furthest(unlike.persons[i]!.weights, alone)).toBeLessThan(1e-3);
      expect(furthest(alone, pooled)).toBeGreaterThan(0.1);
    });
  });

  it("is the most probable one of persons whose likelihoods are parabolas, each drawn towards it", () => {
    const curvatures = [0.5, 2, 4, 8, 1];
    const lowest = [3, -1, 0.5, 2, 6];
    const persons = curvatures.map((curvature, i) => parabola(curvature, lowest[i]!));
    const found = populationOf(persons, deviation);
    // The integral over each person's weight is known: lowest ~ N(mean, variance + 1 / curvature).
    const logProbability = (mean: number, spread: number) =>
      curvatures.reduce(
        (sum, curvature, i) => {
          const variance = spread ** 2 + 1 / curvature;
          return sum - Math.log(variance) / 2 - (lowest[i]! - mean) ** 2 / (2 * variance);
        },
        Math.log(spread) - (mean / deviation) ** 2 / 2,
      );
    const [mean, spread] = [found.mean[0]!, Math.sqrt(found.variance[0]!)];
    let best = Number.NEGATIVE_INFINITY;
    for (let m = mean - 2; m <= mean + 2; m += 0.02)
      for (let s = 0.05; s <= 6; s += 0.02) best = Math.max(best, logProbability(m, s));
    expect(best).toBeLessThanOrEqual(logProbability(mean, spread) + 1e-9);

    const precision = curvatures.reduce(
      (sum, curvature) => sum + 1 / (spread ** 2 + 1 / curvature),
      deviation ** -2,
    );
    expect(found.meanVariance[0]).toBeCloseTo(1 / precision, 6);
    found.persons.forEach(({ weights, covariance }, i) => {
      const both = curvatures[i]! + spread ** -2;
      const drawn = (curvatures[i]! * lowest[i]! + mean * spread ** -2) / both;
      expect(weights[0]).toBeCloseTo(drawn, 3);
      expect(covariance[0]).toBeCloseTo(1 / both, 3);
    });
  });

  it("keeps a variance where all seem alike", () => {
    const persons = Array.from({ length: 4 }, () => parabola(2, 1));
    expect(populationOf(persons, deviation).variance[0]).toBeGreaterThan(0.05);
  });

  it("takes two persons", () => {
    expect(() => populationOf([parabola(1, 1)], deviation)).toThrow(RangeError);
  });
});

describe("a person", () => {
  it("who showed nothing is one of the population, whose mean is unknown too", () => {
    const common = {
      mean: Float64Array.of(1, -2),
      variance: Float64Array.of(0.5, 2),
      meanVariance: Float64Array.of(0.25, 1),
    };
    const { weights, covariance } = personIn(null, priorFrom(common));
    expect([...weights]).toEqual([1, -2]);
    expect(furthest(covariance, [0.75, 0, 0, 3])).toBeLessThan(1e-12);
  });

  it("is between the population and what they showed", () => {
    const prior = { mean: [0], variance: [1] };
    const { weights, covariance } = personIn(parabola(3, 4), prior);
    expect(weights[0]).toBeCloseTo(3, 6);
    expect(covariance[0]).toBeCloseTo(1 / 4, 12);
  });
});

/** The numbers are from population/make.py, which climbs the same density in another way. */
describe("walks of several persons, as another program tells them", () => {
  const { transitions, features: rows, nStates, nActions, discount, horizon } = reference.model;
  const mdp = mdpOf({
    nStates,
    nActions,
    discount,
    horizon,
    transitions: (s, a) =>
      transitions
        .filter(([from, action]) => from === s && action === a)
        .map(([, , next, probability]) => ({ next: next!, probability: probability! })),
  });
  const model = { mdp, features: Float64Array.from(rows.flat()) };
  const persons = reference.persons.map((walks) => toldIn([{ model, demonstrations: walks }]));

  it("come of this population, and of these persons in it", () => {
    const found = populationOf(persons, reference.deviation);
    const { everybody } = reference;
    for (const part of ["mean", "variance", "meanVariance"] as const)
      expect(furthest(found[part], everybody[part]), part).toBeLessThan(1e-3);
    found.persons.forEach(({ weights, covariance }, i) => {
      const person = everybody.persons[i]!;
      expect(furthest(weights, person.weights)).toBeLessThan(1e-3);
      expect(furthest(covariance, person.covariance.flat())).toBeLessThan(1e-3);
    });
  });

  it.each([0, 1, 2])(
    "foretell those of somebody left out, %d of whose walks are known",
    (known) => {
      const prior = priorFrom(populationOf(persons.slice(0, -1), reference.deviation));
      const demonstrations = reference.persons.at(-1)!.slice(0, known);
      const told = known > 0 ? toldIn([{ model, demonstrations }]) : null;
      const { weights, covariance } = personIn(told, prior);
      const expected = reference.leftOut[known]!;
      expect(furthest(weights, expected.weights)).toBeLessThan(1e-3);
      expect(furthest(covariance, expected.covariance.flat())).toBeLessThan(1e-3);
      const policies = sigmaPoints(weights, covariance).map(
        (point) => softValueIteration(mdp, linearReward(model.features, point)).policy,
      );
      const policy = policies[0]!.map((_, i) => mean(policies.map((own) => own[i]!)));
      const { perStep } = likelihoodOf(mdp, reference.foretold, ({ t, state }) => {
        const row = (t * nStates + state) * nActions;
        return policy.subarray(row, row + nActions);
      });
      expect(perStep).toBeCloseTo(expected.perStep, 4);
    },
  );
});
