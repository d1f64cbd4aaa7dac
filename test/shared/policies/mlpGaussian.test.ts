import { describe, expect, test } from "vitest";
import { gaussian } from "../../../shared/policies/heads.ts";
import { mlpGaussian } from "../../../shared/policies/mlpGaussian.ts";
import type { NetworkPolicy } from "../../../shared/policies/networkPolicy.ts";
import { finish } from "../../../shared/policies/policy.ts";
import { seeded } from "../../../shared/random.ts";
import { dataset, steering } from "./data.ts";

/** An expert who steers by the first number, and trembles ten times as much on the right as on the left. */
const tremor = (x: number) => (x < 0 ? 0.03 : 0.3);
const random = seeded(5);
const places = Array.from({ length: 1500 }, () => 2 * random.uniform() - 1);
const data = dataset(
  steering,
  places.map((x) => [x]),
  places.map((x) => [0.5 * x + tremor(x) * random.normal(), 1.5]),
);
const { policy, loss } = finish(mlpGaussian.fit(data, seeded(1)));
const head = gaussian(steering);
const deviationAt = (x: number) => {
  const row = new Float64Array(2);
  head.deviation((policy as NetworkPolicy).output(Float64Array.of(x)), row);
  return row;
};

describe("mlpGaussian", () => {
  test("finds how much the expert trembles, where, and about what", () => {
    const mean = (xs: number[]) => xs.reduce((sum, x) => sum + deviationAt(x)[0]! / xs.length, 0);
    expect(mean([-0.8, -0.6, -0.4, -0.2])).toBeGreaterThan(0.024);
    expect(mean([-0.8, -0.6, -0.4, -0.2])).toBeLessThan(0.036);
    expect(mean([0.8, 0.6, 0.4, 0.2])).toBeGreaterThan(0.24);
    expect(mean([0.8, 0.6, 0.4, 0.2])).toBeLessThan(0.36);
    const action = new Float64Array(2);
    for (const x of [-0.7, -0.3]) {
      policy.act(Float64Array.of(x), action);
      expect(Math.abs(action[0]! - 0.5 * x)).toBeLessThan(0.03);
    }
  });

  test("is not surer than its bounds allow, of what never changes", () => {
    // A hundredth of half the range, which is 1.5.
    const [, second] = deviationAt(0);
    expect(second).toBeGreaterThanOrEqual(0.015);
    expect(second).toBeLessThan(0.02);
  });

  test("its loss is the mean negative log-density, in the action's units", () => {
    let sum = 0;
    const action = new Float64Array(2);
    for (let i = 0; i < data.n; i++) {
      const observation = data.observations.subarray(i, i + 1);
      policy.act(observation, action);
      const deviation = deviationAt(observation[0]!);
      for (const k of [0, 1]) {
        const z = (data.actions[2 * i + k]! - action[k]!) / deviation[k]!;
        sum += 0.5 * z * z + Math.log(deviation[k]! * Math.sqrt(2 * Math.PI));
      }
    }
    expect(loss).toBeCloseTo(sum / data.n, 8);
  });
});
