import { describe, expect, test } from "vitest";
import { pair } from "../../../shared/policies/dataset.ts";
import { fourier } from "../../../shared/policies/fourier.ts";
import { drawFourier } from "../../../shared/policies/fourierFeatures.ts";
import { finish } from "../../../shared/policies/policy.ts";
import type { RidgePolicy } from "../../../shared/policies/ridge.ts";
import { seeded } from "../../../shared/random.ts";
import { dataset, gap, steering, taught } from "./data.ts";

const fit = (data: Parameters<typeof fourier.fit>[0], seed = 1) =>
  finish(fourier.fit(data, seeded(seed))).policy as RidgePolicy;

describe("fourier", () => {
  test("the features' inner product is a Gaussian kernel, on average over draws", () => {
    const a = Float64Array.of(0.1, 0.2, 0.3);
    for (const distance of [0.2, 0.45, 0.9]) {
      const b = Float64Array.of(0.1, 0.2 + distance, 0.3);
      let kernel = 0;
      for (let seed = 0; seed < 400; seed++) {
        const features = drawFourier(3, seeded(seed));
        const ofA = features.of(a).slice();
        const ofB = features.of(b);
        kernel += ofA.reduce((sum, x, i) => sum + x * ofB[i]!, 0) / 400;
        expect(ofA.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 12);
      }
      expect(kernel).toBeCloseTo(Math.exp(-(distance ** 2) / (2 * 0.45 ** 2)), 1.7);
    }
  });

  test("a label learned on the spot is as good as one that was there from the start", () => {
    const data = taught(steering, 80, 2);
    const { n, observationSize } = data;
    const part = (k: number) => ({
      ...data,
      n: k,
      observations: data.observations.subarray(0, k * observationSize),
      actions: data.actions.subarray(0, k * 2),
    });
    const whole = fit(data);
    const grown = fit(part(30));
    for (let i = 30; i < n; i++) grown.add(...pair(data, i));
    const one = new Float64Array(2);
    const other = new Float64Array(2);
    const same = (a: RidgePolicy, b: RidgePolicy) => {
      for (let i = 0; i < n; i++) {
        const [observation] = pair(data, i);
        a.act(observation, one);
        b.act(observation, other);
        expect(gap(one, other)).toBeLessThan(1e-8);
        expect(a.uncertainty(observation)).toBeCloseTo(b.uncertainty(observation), 8);
      }
    };
    same(grown, whole);
    for (let i = n - 1; i >= 30; i--) grown.remove(...pair(data, i));
    same(grown, fit(part(30)));
  });

  test("knows what it was taught, and that it knows nothing far away", () => {
    const data = taught(steering, 20, 3);
    const policy = fit(data);
    for (let i = 0; i < data.n; i++)
      expect(policy.uncertainty(pair(data, i)[0])).toBeLessThan(0.05);
    for (const far of [5, -8, 20]) {
      expect(policy.uncertainty(Float64Array.of(far, far, -far))).toBeGreaterThan(0.7);
    }
  });

  test("an action beyond the bounds is pulled back", () => {
    const policy = fit(dataset(steering, [[0, 0, 0]], [[5, -5]]));
    const action = new Float64Array(2);
    policy.act(new Float64Array(3), action);
    expect([...action]).toEqual([1, 0]);
  });

  test("its JSON holds no number twice", () => {
    const json = JSON.parse(JSON.stringify(fit(taught(steering, 20, 3)).toJSON()));
    expect(json.precision.length).toBe((150 * 151) / 2);
    expect(json.moments.length).toBe(300);
    expect(json.frequencies.length).toBe(225);
  });
});
