import { expect, test } from "vitest";
import { cover, coverageOutputs } from "../../../shared/laboratory/coverage.ts";

const study = { seeds: 8, seed: 1, walks: 5 };
const runs = Array.from({ length: study.seeds }, (_, index) => cover(study, index));

test("intervals hold the dealt weights nine times in ten where players choose as assumed", () => {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  // 160 weights, 32 of them the largest.
  expect(mean(runs.map(({ soft }) => soft.all))).toBeGreaterThan(0.83);
  expect(mean(runs.map(({ soft }) => soft.all))).toBeLessThan(0.98);
  expect(mean(runs.map(({ soft }) => soft.largest))).toBeGreaterThan(0.7);
  expect(mean(runs.map(({ optimal }) => optimal.all))).toBeLessThan(0.83);
});

test("coverage depends on study and index alone", () => {
  expect(cover(study, 1)).toEqual(runs[1]);
  expect(cover({ ...study, seed: 2 }, 0)).toEqual(runs[1]);
});

test("coverage is written as a table and as JSON", () => {
  const { text, json } = coverageOutputs(study, runs);
  expect(text).toMatch(/^ +soft +\d+\.\d ± \d+\.\d % +\d+\.\d ± \d+\.\d %$/m);
  expect(text).toMatch(/^ +optimal +/m);
  expect(JSON.parse(json)).toEqual({ study, runs });
});
