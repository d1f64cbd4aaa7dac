import { describe, expect, it } from "vitest";
import { agreementOf, joined, pooled, repeated } from "../../../shared/imitation/pool.ts";
import { fit } from "../../../shared/imitation/round.ts";
import { gaussianProcess } from "../../../shared/policies/gaussianProcess.ts";
import { linear } from "../../../shared/policies/linear.ts";
import type { Dataset } from "../../../shared/policies/policy.ts";
import { type Random, seeded } from "../../../shared/random.ts";

/** Somebody who steers by half of what they see, and errs by so much. */
function teacher(n: number, noise: number, random: Random, gain = 0.5): Dataset {
  const observations = Float64Array.from({ length: n }, () => 2 * random.uniform() - 1);
  return {
    n,
    observationSize: 1,
    action: { kind: "continuous", low: [-2], high: [2] },
    observations,
    actions: observations.map((x) => Math.min(2, Math.max(-2, gain * x + noise * random.normal()))),
  };
}

describe("several teachers", () => {
  it("are pooled in their order, each as often as is asked for", () => {
    const [one, two] = [teacher(2, 0, seeded(1)), teacher(3, 0, seeded(2))];
    const all = pooled([one, two]);
    expect(all.n).toBe(5);
    expect([...all.observations]).toEqual([...one.observations, ...two.observations]);
    expect([...all.actions]).toEqual([...one.actions, ...two.actions]);
    const some = joined([one, two], [2, 0]);
    expect([...some.actions]).toEqual([...one.actions, ...one.actions]);
  });

  it("have each pair as often as it weighs, in their order", () => {
    const data = teacher(5, 0, seeded(1));
    const [a, b, c, d, e] = data.actions;
    expect([...repeated(data, [1, 0, 2, 1, 0]).actions]).toEqual([a, c, c, d]);
    expect(repeated(data, [1, 1, 1, 1, 1])).toEqual(data);
    // 0.4, 0.8, 1.2, 1.6, 2: passes a half before the second and the fourth.
    expect([...repeated(data, [0.4, 0.4, 0.4, 0.4, 0.4]).actions]).toEqual([b, d]);
    expect(repeated(data, [0, 0, 0, 0, 3]).actions.every((action) => action === e)).toBe(true);
  });

  it("count by the inverse of their variance, and who does anything counts for nothing", () => {
    const random = seeded(3);
    const noises = [0.1, 0.1, 0.1, 0.2, 1.5];
    const teachers = noises.map((noise) => teacher(400, noise, random));
    // The variance of 0.2 is four times that of 0.1.
    expect(agreementOf(teachers, linear, 1)).toEqual([4, 4, 4, 1, 0]);
  });

  it("count alike where they are alike, and in whatever order they come", () => {
    const random = seeded(4);
    const teachers = [0.05, 0.2, 0.8, 0.05].map((noise) => teacher(300, noise, random));
    const order = [2, 0, 3, 1];
    const weights = agreementOf(teachers, linear, 1);
    expect(
      agreementOf(
        order.map((i) => teachers[i]!),
        linear,
        1,
      ),
    ).toEqual(order.map((i) => weights[i]!));
    const alike = Array.from({ length: 3 }, () => teacher(300, 0, random));
    expect(agreementOf(alike, linear, 1)).toEqual([4, 4, 4]);
    expect(() => agreementOf(alike.slice(0, 1), linear, 1)).toThrow(RangeError);
  });

  it("teach a learner that errs less where they count by agreement", () => {
    const random = seeded(5);
    const teachers = [0.1, 0.1, 0.1, 1.8].map((noise) => teacher(60, noise, random));
    const error = (data: Dataset) => {
      const { policy } = fit(data, gaussianProcess, 1);
      const action = new Float64Array(1);
      let sum = 0;
      for (let x = -0.9; x < 0.95; x += 0.1) {
        policy.act(Float64Array.of(x), action);
        sum += (action[0]! - 0.5 * x) ** 2;
      }
      return sum;
    };
    const weights = agreementOf(teachers, gaussianProcess, 1);
    expect(error(joined(teachers, weights))).toBeLessThan(0.5 * error(pooled(teachers)));
  });
});
