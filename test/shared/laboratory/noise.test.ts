import { expect, test } from "vitest";
import { labelTwice, noiseOutputs } from "../../../shared/laboratory/noise.ts";

const study = {
  world: "fair",
  policy: "gaussianProcess",
  noise: 0.1,
  inconsistency: 0,
  lag: 150,
  questions: 40,
  seeds: 4,
  seed: 1,
};
const runs = Array.from({ length: study.seeds }, (_, index) => labelTwice(study, index));

test("finds the noise of simulated hands, in stopped time and while steering along", () => {
  for (const { timeStop, shadow, both } of runs) {
    expect(timeStop!.pairs).toBeGreaterThan(0);
    expect(shadow!.noise).toBeGreaterThan(0.07);
    expect(shadow!.noise).toBeLessThan(0.16);
    expect(both!.pairs).toBeGreaterThan(timeStop!.pairs);
  }
});

test("depends on study and index alone, and is written as a table and as JSON", () => {
  expect(labelTwice({ ...study, seed: 2 }, 0)).toEqual(runs[1]);
  const { text, json } = noiseOutputs(study, runs);
  expect(text).toMatch(/^ +steering along, twice +\d+\.\d +0\.\d{3} \[/m);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(JSON.parse(json)).toEqual({ study, runs });
});
