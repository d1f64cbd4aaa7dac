import { expect, test } from "vitest";
import { takeOver, takeoverOutputs } from "../../../shared/laboratory/takeovers.ts";

const study = {
  ...{ world: "fair", policy: "gaussianProcess", rounds: 1, labels: 6 },
  ...{ rate: 0.1, noise: 0.1, seeds: 1, seed: 1 },
};
const run = takeOver(study, 0);

test("no way has more labels than are asked for, and the demonstrations have as many", () => {
  for (const [, prompt, late] of Object.entries(run).map(
    ([name, each]) => [name, ...each] as const,
  ))
    for (const { labels } of [prompt!, late!]) expect(labels).toBeLessThanOrEqual(6);
  for (const { labels } of run.cloning) expect(labels).toBe(6);
  // What late hands do differs from what the learner does, so that there is always something to take over.
  expect(run.taking[1]!.labels).toBe(6);
});

test("is written as tables and as JSON", () => {
  const { text, json } = takeoverOutputs(study, [run]);
  expect(text).toMatch(/^ +takeover as a reward \(RLIF\) +\d+\.\d \[/m);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(JSON.parse(json)).toEqual({ study, runs: [run] });
});
