import { expect, test } from "vitest";
import { cover, coverageOutputs } from "../../../shared/laboratory/coverage.ts";

const study = { seeds: 8, seed: 1, walks: 5 };
const runs = Array.from({ length: study.seeds }, (_, index) => cover(study, index));

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test("intervals hold the dealt weights nine times in ten where players choose as assumed", () => {
  // 160 weights, 32 of them the largest.
  const soft = runs.map((run) => run["soft, β = 1"]);
  expect(mean(soft.map(({ all }) => all))).toBeGreaterThan(0.83);
  expect(mean(soft.map(({ all }) => all))).toBeLessThan(0.98);
  expect(mean(soft.map(({ largest }) => largest))).toBeGreaterThan(0.7);
  expect(mean(runs.map(({ optimal }) => optimal.all))).toBeLessThan(0.83);
});

test("intervals of β hold that of soft players, and have no end for optimal ones", () => {
  // 128 lessons.
  const soft = runs.flatMap(({ optimal: _, "moody, β = 1": __, ...others }) =>
    Object.values(others),
  );
  expect(mean(soft.map(({ rationality }) => rationality))).toBeGreaterThan(0.83);
  expect(mean(soft.map(({ rationality }) => rationality))).toBeLessThan(0.97);
  expect(runs.map(({ optimal }) => optimal.rationality)).toEqual(runs.map(() => 1));
});

test("coverage depends on study and index alone", () => {
  expect(cover(study, 1)).toEqual(runs[1]);
  expect(cover({ ...study, seed: 2 }, 0)).toEqual(runs[1]);
});

test("coverage is written as a table and as JSON", () => {
  const { text, json } = coverageOutputs(study, runs);
  expect(text).toMatch(/^ +soft, β = 1( +\d+\.\d ± \d+\.\d %){5}$/m);
  expect(text).toMatch(/^ +optimal +/m);
  expect(JSON.parse(json)).toEqual({ study, runs });
});
