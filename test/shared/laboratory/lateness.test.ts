import { describe, expect, test } from "vitest";
import {
  type LatenessStudy,
  latenessOutputs,
  learnLate,
  windy,
} from "../../../shared/laboratory/lateness.ts";

const study: LatenessStudy = {
  world: "road",
  policy: "fourier",
  demonstrated: "gusty",
  drives: 2,
  injected: 0.5,
  noise: 0,
  seeds: 1,
  seed: 1,
};
const run = learnLate(study, 0);

describe("a study of late hands", () => {
  test("has each arm for each lag, and depends on study and index alone", () => {
    for (const drives of Object.values(run)) {
      expect(drives).toHaveLength(5);
      for (const { measure, laps } of drives) expect(measure + laps).toBeGreaterThanOrEqual(0);
    }
    const once = { ...study, policy: "linear" };
    expect(learnLate(once, 0)).toEqual(learnLate(once, 0));
    expect(learnLate(once, 1)).not.toEqual(learnLate(once, 0));
  });

  test("hands that are not late answer alike, steering along or while time stands still", () => {
    expect(run.shadow[0]).toEqual(run.timeStop[0]);
    expect(run.shadow[4]).not.toEqual(run.timeStop[4]);
  });

  test("without injected noise, noise-injected cloning is cloning; with it, it is not", () => {
    const { cloning, dart } = learnLate({ ...study, injected: 0, policy: "linear" }, 0);
    expect(dart).toEqual(cloning);
    expect(run.dart[0]).not.toEqual(run.cloning[0]);
  });

  test("late hands spoil what is learned from them, and answers in stopped time do not", () => {
    expect(run.timeStop[4]!.measure).toBeLessThan(run.dart[4]!.measure);
    expect(run.timeStop[4]!.measure).toBeLessThan(run.shadow[4]!.measure);
  });

  test("is of worlds that one can fall in and whose wind can be turned off", () => {
    expect(Object.keys(windy)).toContain("road");
    expect(Object.keys(windy)).not.toContain("garden");
  });

  test("is written as tables, as JSON and as a figure", () => {
    const { text, json, figure } = latenessOutputs(study, [run]);
    expect(text).toMatch(/^ +150 ms +\d/m);
    expect(text).toMatch(/^laps before the first fall$/m);
    expect(JSON.parse(json).estimates.timeStop).toHaveLength(5);
    expect(figure).toMatch(/^<svg /);
    for (const written of [text, json, figure])
      expect(written).not.toMatch(/NaN|undefined|Infinity/);
  });
});
