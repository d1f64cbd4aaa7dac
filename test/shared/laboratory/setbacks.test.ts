import { describe, expect, test } from "vitest";
import { setbackOutputs, shareWorse, teach } from "../../../shared/laboratory/setbacks.ts";
import { running } from "../../../shared/laboratory/teaching.ts";

const study = { world: "road", rounds: 1, seeds: 2, seed: 1 };
// Those whose hands are late, since whoever falls soon takes little time.
const runs = [2, 3].map((index) => teach(study, index));

describe("setbacks", () => {
  test("a round is one where it is worse than before; as good is not", () => {
    expect(shareWorse([3, 2, 2, 2.5, 1], "fewer")).toBe(1 / 4);
    expect(shareWorse([3, 2, 2, 2.5, 1], "more")).toBe(2 / 4);
  });

  test("are of each learner, in lessons that differ in nothing else", () => {
    expect(Object.keys(runs[0]!)).toEqual([
      "Gaussian process",
      "Fourier features",
      "Fourier features, drawn anew",
    ]);
    for (const run of runs) {
      const { "Fourier features": kept, "Fourier features, drawn anew": anew } = run;
      // What is drawn first is drawn alike.
      expect(anew!.measure.last[0]).toBe(kept!.measure.last[0]);
      expect(anew!.measure.last).not.toEqual(kept!.measure.last);
      for (const course of Object.values(run)) {
        for (const { last, best } of [course.headline, course.measure]) {
          expect(last).toHaveLength(study.rounds + 1);
          for (const value of best) expect(last).toContain(value);
        }
      }
    }
  });

  test("depend on study and index alone", () => {
    const short = { ...study, world: "path", rounds: 1 };
    const one = teach(short, 1);
    expect(teach(short, 1)).toEqual(one);
    expect(teach({ ...short, seed: 2 }, 1)).not.toEqual(one);
  });

  test("are of people who are late, in worlds that do not wait for them", () => {
    expect(Object.keys(running)).toEqual(expect.arrayContaining(["road", "chicane"]));
    expect(Object.keys(running)).not.toContain("garden");
  });

  test("are written as a table and as JSON", () => {
    const { text, json } = setbackOutputs(study, runs);
    expect(text).toMatch(/^By laps before the first crash: /m);
    expect(text).toMatch(/^By crashes a drive: /m);
    expect(text).toMatch(/^ +learner +trained last +best so far +at the end: last +best$/m);
    expect(text).toMatch(/^ +Gaussian process +\d+\.\d % \[\d+\.\d %, \d+\.\d %\] /m);
    const { setbacks } = JSON.parse(json);
    const shares = runs.map((run) => shareWorse(run["Fourier features"]!.measure.last, "fewer"));
    expect(setbacks.measure[1].last.value).toBeCloseTo((shares[0]! + shares[1]!) / 2, 12);
    for (const written of [text, json]) expect(written).not.toMatch(/NaN|undefined|Infinity/);
  });
});
