import { describe, expect, test } from "vitest";
import { demonstrate } from "../../../shared/article/navigation.ts";
import { NumpyRandom } from "../../../shared/article/numpyRandom.ts";
import { linear } from "../../../shared/policies/linear.ts";
import { byDescent, linearDescent } from "../../../shared/policies/linearDescent.ts";
import { type Dataset, finish } from "../../../shared/policies/policy.ts";
import type { RidgePolicy } from "../../../shared/policies/ridge.ts";
import { seeded } from "../../../shared/random.ts";
import type { ActionSpace } from "../../../shared/spaces.ts";
import golden from "../article/golden.json" with { type: "json" };
import { gap, steering, taught } from "./data.ts";

const weightsOf = (kind: typeof linearDescent, data: Dataset) =>
  finish(kind.fit(data, seeded(1))).policy.toJSON().weights as number[];
const lineOf = (data: Dataset) =>
  (finish(linear.fit(data, seeded(1))).policy as RidgePolicy).weights.flatMap((row) => [...row]);

/** The article's own demonstrations: position, and the step that the expert took. */
function article(): Dataset {
  const { seed, nStates } = golden.behaviouralCloning;
  const { states, actions } = demonstrate(20, new NumpyRandom(seed));
  const action: ActionSpace = { kind: "continuous", low: [-1, -1], high: [1, 1] };
  return { n: nStates, observationSize: 2, action, observations: states, actions };
}

describe("linearDescent", () => {
  test("learns the article's weights from the article's demonstrations", () => {
    const { weights, bias } = golden.behaviouralCloning;
    const theirs = weights.flatMap((row, k) => [...row, bias[k]!]);
    expect(gap(weightsOf(linearDescent, article()), theirs)).toBeLessThan(1e-12);
  });

  test("has not arrived there, and with more epochs comes to the line in closed form", () => {
    const data = article();
    const line = lineOf(data);
    expect(gap(weightsOf(linearDescent, data), line)).toBeGreaterThan(0.001);
    const further = byDescent({ rate: 0.1, epochs: 3000 });
    expect(gap(weightsOf(further, data), line)).toBeLessThan(1e-5);
  });

  test("takes the step it is told to", () => {
    const data = taught(steering, 40, 1);
    const step = (rate: number) => weightsOf(byDescent({ rate, epochs: 1 }), data);
    const [small, large] = [step(0.01), step(0.1)];
    expect(
      gap(
        small.map((w) => 10 * w),
        large,
      ),
    ).toBeLessThan(1e-12);
    // From zero, the first step goes along the mean of action × observation.
    const mean = data.actions.reduce((sum, a, i) => sum + (i % 2 === 0 ? a : 0), 0) / data.n;
    expect(large[3]).toBeCloseTo(0.1 * mean, 12);
  });

  test("does not diverge where the data are large", () => {
    const data = taught(steering, 40, 1);
    const large = { ...data, observations: data.observations.map((x) => 1000 * x) };
    const { policy, loss } = finish(linearDescent.fit(large, seeded(1)));
    const before = data.actions.reduce((sum, a) => sum + (0.5 * a * a) / data.n, 0);
    expect(loss).toBeLessThan(before);
    expect(JSON.stringify(policy.toJSON())).not.toContain("null");
  });
});
