import { expect, test } from "vitest";
import { mean } from "../../../shared/imitation/statistics.ts";
import { gardensOutputs, walkInGardens } from "../../../shared/laboratory/gardens.ts";

const study = { world: "garden", walks: 2, gardens: 2, seeds: 1, seed: 1 };
const runs = [0, 1, 2].map((index) => walkInGardens(study, index));
const run = runs[0]!;

test("more is told on average where it was looked for", () => {
  const gain = (arm: "one" | "search") => mean(runs.map(({ [arm]: { gain } }) => gain));
  expect(gain("search")).toBeGreaterThan(gain("one"));
  expect(run.untellable).toEqual([[], []]);
});

test("is written as a table and as JSON", () => {
  const { text, json } = gardensOutputs(study, [run]);
  expect(text).toContain("tell about: nothing in the one garden, nothing in all of them.");
  expect(text).toMatch(/^ +the garden and the start that tell most +\d+\.\d \[/m);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(JSON.parse(json)).toEqual({ study, runs: [run] });
});
