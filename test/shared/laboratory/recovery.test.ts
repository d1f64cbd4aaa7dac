import { describe, expect, test } from "vitest";
import { interquartileMean, mean } from "../../../shared/imitation/statistics.ts";
import { episodeCounts, recover, recoveryOutputs } from "../../../shared/laboratory/recovery.ts";

const study = { seeds: 6, seed: 1 };
const runs = Array.from({ length: study.seeds }, (_, index) => recover(study, index));
const at = (episodes: (typeof episodeCounts)[number]) =>
  runs.map(({ lost }) => lost.soft.maxEnt[episodeCounts.indexOf(episodes)]!);

describe("recovery", () => {
  test("loses less with more demonstrations, and far less than a reward of 0", () => {
    const nothing = interquartileMean(runs.map(({ nothing }) => nothing));
    expect(interquartileMean(at(16))).toBeLessThan(interquartileMean(at(1)));
    expect(interquartileMean(at(64))).toBeLessThan(0.05 * nothing);
    expect(interquartileMean(at(1))).toBeLessThan(nothing);
  });

  test("is best by the method that assumes what the expert is", () => {
    const last = (expert: "soft" | "optimal", method: "maxEnt" | "featureMatching") =>
      mean(runs.map(({ lost }) => lost[expert][method].at(-1)!));
    expect(last("soft", "maxEnt")).toBeLessThan(last("soft", "featureMatching"));
    expect(last("optimal", "featureMatching")).toBeLessThan(0.1 * last("soft", "featureMatching"));
  });

  test("depends on study and index alone", () => {
    expect(recover(study, 1)).toEqual(runs[1]);
    expect(recover({ seeds: 1, seed: 2 }, 0)).toEqual(runs[1]);
    expect(runs[0]).not.toEqual(runs[1]);
  });

  test("is written as a table, as JSON, and as a figure with a logarithmic x axis", () => {
    const { text, json, figure } = recoveryOutputs(study, runs);
    expect(text).toMatch(/^ +episodes +maximum entropy, soft +feature matching, soft +maximum/m);
    expect(text).toMatch(/^ +64 +\d+\.\d\d \[/m);
    const { episodes, lost, nothing } = JSON.parse(json);
    expect(episodes).toEqual(episodeCounts);
    expect(lost.soft.maxEnt[4].middle.value).toBe(interquartileMean(at(16)));
    expect(lost.soft.maxEnt[4].mean.value).toBe(mean(at(16)));
    expect(text).toMatch(
      new RegExp(`^ +16 +${lost.soft.maxEnt[4].middle.value.toFixed(2)} \\[`, "m"),
    );
    expect(figure).toContain(nothing.mean.value.toFixed(1));
    for (const written of [text, json, figure])
      expect(written).not.toMatch(/NaN|undefined|Infinity/);
    const [, path] = /<polyline class="line learner" points="([^"]*)"/.exec(figure)!;
    const xs = path!.split(" ").map((pair) => Number(pair.split(",")[0]));
    const steps = xs.slice(1).map((x, i) => x - xs[i]!);
    for (const step of steps) expect(Math.abs(step - steps[0]!)).toBeLessThan(0.03); // px, rounded
    for (const episodes of episodeCounts) expect(figure).toContain(`>${episodes}</text>`);
  });
});
