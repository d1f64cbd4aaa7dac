import { describe, expect, test } from "vitest";
import { type Control, controlWith, copiesDoAsWell } from "../../../shared/imitation/control.ts";
import { summaryOf } from "../../../shared/imitation/endurance.ts";
import { human } from "../../../shared/imitation/experts.ts";
import { handsOf } from "../../../shared/imitation/hands.ts";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { policyKinds } from "../../../shared/policies/index.ts";
import { Stream, seeded } from "../../../shared/random.ts";
import { replay } from "../../../shared/worlds/episode.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { path } from "../../../shared/worlds/path/levels.ts";
import { calm, chicane, fair, oval, road } from "../../../shared/worlds/road/levels.ts";

const seeds = [5000, 5001, 5002, 5003];

/** A drive with these hands. */
function drive(world: Level, seed: number, noise: number, lag: number) {
  const expert = human(world, { noise, lag, inconsistency: 0, temperature: 0 });
  return replay(world, demonstrate(world, seed, expert.drives(seeded(seed, Stream.expert))));
}

describe("somebody's hands", () => {
  test.each([1, 3, 5, 8])("that are %i steps late are found to be, from one drive", (lag) => {
    for (const world of [road, calm, chicane, oval]) {
      for (const noise of [0.02, 0.1, 0.3]) {
        for (const seed of seeds) {
          const found = handsOf(world, [drive(world, seed, noise, lag)]);
          expect(found.lag, `${world.name} ${noise} ${seed}`).toBe(lag);
          // Where an action would be beyond the range it is clipped, which is less noise.
          expect(found.noise / noise).toBeGreaterThan(0.65);
          expect(found.noise / noise).toBeLessThan(1.15);
        }
      }
    }
  });

  test("may be prompt, and steady", () => {
    const found = handsOf(road, [drive(road, 5000, 0, 0)]);
    expect(found.lag).toBe(0);
    expect(found.noise).toBeLessThan(1e-6);
  });

  test("are no worse for a style: who steers half as much and leans to one side has no noise", () => {
    const shown = drive(road, 5000, 0, 0);
    const styled = shown.actions.map((action) => 0.5 * action + 0.02);
    expect(handsOf(road, [{ ...shown, actions: styled }]).noise).toBeLessThan(1e-6);
  });

  test("are taken for prompt and steady where there is next to nothing to tell them from", () => {
    expect(handsOf(road, [])).toEqual({ lag: 0, noise: 0 });
    const short = drive(road, 5000, 0.1, 3);
    const one = { ...short, length: 1 };
    expect(handsOf(road, [one])).toEqual({ lag: 0, noise: 0 });
  });
});

describe("a control", () => {
  const options = {
    kind: policyKinds.gaussianProcess!,
    heldOut: [0, 1, 2, 3, 4, 5, 6],
    firstSeed: 1024,
    seed: 7,
  };
  const late = controlWith(fair, { noise: 0.1, lag: 3 }, options)!;

  test("depends on hands and seed alone", () => {
    expect(controlWith(fair, { noise: 0.1, lag: 3 }, options)).toEqual(late);
    expect(controlWith(fair, { noise: 0.1, lag: 3 }, { ...options, seed: 8 })).not.toEqual(late);
  });

  test("copies one, four and eight drives, from each of the starts", () => {
    expect(late.copies.map(({ demonstrations }) => demonstrations)).toEqual([1, 4, 8]);
    for (const { endurance } of [...late.copies, { endurance: late.person }])
      expect(endurance.laps).toHaveLength(7);
  });

  test("of late hands gets not far, however much is copied; of prompt ones it does", () => {
    const prompt = controlWith(fair, { noise: 0.1, lag: 0 }, options)!;
    expect(summaryOf(prompt.person).held).toBe(7);
    expect(summaryOf(prompt.copies[2]!.endurance).laps).toBeGreaterThan(5);
    expect(summaryOf(late.person).laps).toBeLessThan(2);
    expect(summaryOf(late.copies[2]!.endurance).laps).toBeLessThan(2);
  });

  test("is nothing where one cannot fall", () => {
    expect(controlWith(path, { noise: 0, lag: 0 }, options)).toBeNull();
  });

  test("does as well unless the learner gets farther from so many starts that it is no chance", () => {
    const of = (laps: readonly number[]) => ({ steps: laps.map(() => 100), laps });
    const copied = Array.from({ length: 20 }, () => 1);
    const control = { copies: [{ demonstrations: 8, endurance: of(copied) }] } as never as Control;
    const ahead = (n: number) => of(copied.map((laps, i) => (i < n ? laps + 1 : laps - 0.5)));
    expect(copiesDoAsWell(control, ahead(15))).toBe(false);
    expect(copiesDoAsWell(control, ahead(14))).toBe(true);
    expect(copiesDoAsWell(control, ahead(0))).toBe(true);
    // What is not told is no lead.
    expect(copiesDoAsWell(control, of(copied.map((laps) => laps + 0.02)))).toBe(true);
  });
});
