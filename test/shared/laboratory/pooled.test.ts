import { expect, test } from "vitest";
import { classes, pooledOutputs, teachTogether } from "../../../shared/laboratory/pooled.ts";

const study = {
  world: "fair",
  policy: "gaussianProcess",
  teachers: 3,
  hands: "unlike",
  careless: 1,
  rounds: 1,
  seeds: 1,
  seed: 1,
};
const run = teachTogether(study, 0);

test("a class has its best and its worst, and who is careless counts for less than the others", () => {
  const { agreement } = run;
  const scores = run.scores.at(-1)!;
  expect(scores.best.laps).toBeGreaterThan(scores.worst.laps);
  expect(scores.mean.laps).toBeLessThanOrEqual(scores.best.laps);
  expect(scores.agreement.laps).toBeGreaterThan(scores.worst.laps);
  expect(agreement[2]).toBeLessThan(Math.min(agreement[0]!, agreement[1]!));
});

test("hands that are alike are in the middle of those that are not", () => {
  expect(classes.unlike.noise(0)).toBeLessThan(classes.like.noise());
  expect(classes.unlike.noise(0.5)).toBeCloseTo(classes.like.noise(), 12);
});

test("is written as a table, as JSON and as a figure", () => {
  const { text, json, figure } = pooledOutputs(study, [run]);
  expect(figure).toContain("all, by agreement");
  expect(text).toMatch(/^ +all, by agreement +\d+\.\d \[/m);
  expect(text).toMatch(/^ +3, careless +\d\.\d \[/m);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(JSON.parse(json)).toEqual({ study, runs: [run] });
});
