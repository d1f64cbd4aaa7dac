import { expect, test } from "vitest";
import { askingOutputs, beAsked } from "../../../shared/laboratory/asking.ts";
import { placed, turnsIn } from "../../../shared/laboratory/turns.ts";
import { askingBudget } from "../../../shared/lesson/asking.ts";
import { seeded } from "../../../shared/random.ts";
import { worlds } from "../../../shared/worlds/index.ts";

const study = {
  ...{ world: "fair", policy: "gaussianProcess", rounds: 2, rate: 0.1 },
  ...{ noise: 0.1, seeds: 1, seed: 1 },
};
const run = beAsked(study, 0);

test("all have as many labels, within the budget", () => {
  const most = study.rounds * askingBudget(worlds.fair!, study.rate);
  run.gate.forEach(({ labels }, hands) => {
    expect(labels).toBeGreaterThan(0);
    expect(labels).toBeLessThanOrEqual(most);
    expect(run.moments[hands]!.labels).toBe(labels);
    expect(run.cloning[hands]!.labels).toBe(labels);
    // There may be too little to take over.
    expect(run.taking[hands]!.labels).toBeLessThanOrEqual(labels);
  });
});

test("is written as tables and as JSON", () => {
  const { text, json } = askingOutputs(study, [run]);
  expect(text).toMatch(/^ +random moments +\d+ \[/m);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(JSON.parse(json)).toEqual({ study, runs: [run] });
});

test("turns that begin at random have the lengths that are asked for, and do not touch", () => {
  for (const [turns, steps] of [
    [[3, 1, 2], 12],
    [[3, 1, 2], 8],
    [[5], 5],
    [[], 4],
  ] as const) {
    for (let seed = 0; seed < 50; seed++) {
      const theirs = placed(turns, steps, seeded(seed));
      expect(theirs).toHaveLength(steps);
      const controllers = Uint8Array.from(theirs, (isTheirs) => (isTheirs ? 0 : 1));
      expect(turnsIn({ controllers }).sort()).toEqual([...turns].sort());
    }
  }
});

test("each way of placing turns is as likely as any other", () => {
  // Of 1 and 2 in five steps: two orders, each in three places.
  const counts = new Map<string, number>();
  const n = 6000;
  const random = seeded(1);
  for (let i = 0; i < n; i++) {
    const way = placed([1, 2], 5, random).map(Number).join("");
    counts.set(way, (counts.get(way) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(
    ["01011", "01101", "10011", "10110", "11001", "11010"].sort(),
  );
  // Five standard deviations of a binomial count.
  const bound = 5 * Math.sqrt(n * (1 / 6) * (5 / 6));
  for (const count of counts.values()) expect(Math.abs(count - n / 6)).toBeLessThan(bound);
});
