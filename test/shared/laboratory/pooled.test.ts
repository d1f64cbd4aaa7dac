import { expect, test } from "vitest";
import { pooledOutputs, teachTogether } from "../../../shared/laboratory/pooled.ts";

const study = {
  world: "fair",
  policy: "gaussianProcess",
  teachers: 3,
  careless: 1,
  rounds: 1,
  seeds: 1,
  seed: 1,
};
const run = teachTogether(study, 0);

test("a class has its best and its worst, and who is careless counts for less than the others", () => {
  const { scores, agreement } = run;
  expect(scores.best.laps).toBeGreaterThan(scores.worst.laps);
  expect(scores.mean.laps).toBeLessThanOrEqual(scores.best.laps);
  expect(scores.agreement.laps).toBeGreaterThan(scores.worst.laps);
  expect(agreement[2]).toBeLessThan(Math.min(agreement[0]!, agreement[1]!));
});

test("is written as a table and as JSON", () => {
  const { text, json } = pooledOutputs(study, [run]);
  expect(text).toMatch(/^ +all, by agreement +\d+\.\d \[/m);
  expect(text).toMatch(/^ +3, careless +\d\.\d \[/m);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(JSON.parse(json)).toEqual({ study, runs: [run] });
});
