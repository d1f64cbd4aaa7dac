import { expect, test } from "vitest";
import { foretell, foretold, predictionOutputs } from "../../../shared/laboratory/prediction.ts";

const study = { world: "garden", demonstrations: 5, seeds: 2, seed: 1 };
const runs = Array.from({ length: study.seeds }, (_, index) => foretell(study, index));

test("a recovered reward foretells more than the task alone, and that more than chance", () => {
  for (const player of Object.keys(runs[0]!)) {
    const mean = (by: "chance" | "task" | "clone" | "recovered") =>
      runs.reduce((sum, run) => sum + run[player]![by] / runs.length, 0);
    expect(mean("task")).toBeGreaterThan(mean("chance"));
    expect(mean("recovered")).toBeGreaterThan(mean("task"));
    expect(mean("clone")).toBeGreaterThan(mean("chance"));
    expect(mean("clone")).toBeLessThan(1);
  }
});

test("prediction depends on study and index alone, and is written as a table and as JSON", () => {
  const short = { ...study, demonstrations: 2 };
  expect(foretell({ ...short, seed: 2 }, 0)).toEqual(foretell(short, 1));
  const { text, json } = predictionOutputs(study, runs);
  expect(text).toMatch(/^ +by +soft, β = 1 +soft, β = 4 +optimal$/m);
  expect(text).toMatch(/^ +the clone( +0\.\d{3} \[0\.\d{3}, 0\.\d{3}\]){3}$/m);
  expect(JSON.parse(json)).toEqual({ study, runs });
  expect(Object.keys(foretold)).toContain("road");
});
