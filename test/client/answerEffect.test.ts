import { describe, expect, test } from "vitest";
import {
  beforeAnswer,
  crashOf,
  drivesOn,
  harmfulIn,
  sayEffect,
} from "../../client/lesson/learned/effect.ts";
import { aggregate, pairsOf } from "../../shared/imitation/dataset.ts";
import { enduranceOf } from "../../shared/imitation/endurance.ts";
import { demonstrate, driverOf } from "../../shared/imitation/rollout.ts";
import { fit } from "../../shared/imitation/round.ts";
import type { Round } from "../../shared/lesson/lesson.ts";
import { policyKinds } from "../../shared/policies/index.ts";
import { replay, Simulation } from "../../shared/worlds/episode.ts";
import { calm, fair } from "../../shared/worlds/road/levels.ts";

const shown = pairsOf(calm, [replay(calm, demonstrate(calm, 5001))]);
const clone = fit(shown, policyKinds.gaussianProcess!, 1).policy;
const seeds = Array.from({ length: 40 }, (_, i) => 7000 + i);

test("how a policy drives on is how it drives where the air is still", () => {
  for (const seed of seeds.slice(0, 10)) {
    const { state } = new Simulation(calm, seed);
    const { poses, fell } = drivesOn(fair, clone, state);
    const drive = enduranceOf(calm, () => driverOf(calm, clone), [seed])!;
    expect(fell).toBe(drive.steps[0]! < 40);
    expect(poses.length - 1).toBe(Math.min(40, drive.steps[0]!));
  }
});

describe("what an answer does", () => {
  const pose = { x: 0, y: 0, heading: 0 };
  const ahead = (fell: boolean, steps = 4) => ({ poses: Array(steps).fill(pose), fell });
  const said = (before: boolean, now: boolean, steps?: number, isCrash = true) =>
    sayEffect({ before: ahead(before), now: ahead(now, steps), isCrash });

  test("is told where there was a crash to come, and where there is one now", () => {
    expect(said(true, false)!.words).toBe("Before, it crashed here. Now it drives on.");
    expect(said(true, true)!.words).toMatch(/^It still crashes here/);
    expect(said(true, true, 5)!.words).toMatch(/^It gets further, but still crashes/);
    expect(said(true, true, 3)!.words).toMatch(/^With this answer it crashes sooner/);
    expect(said(false, true)!.words).toMatch(/^With this answer it crashes here/);
    expect(said(false, false)).toBe(null);
  });

  test("is no reproach to whoever was shown that their answer is safe", () => {
    expect(said(false, true, 4, false)!.words).toBe(
      "Your answer is safe here. After it, the learner drives on by itself and crashes. More answers near here will help.",
    );
    expect(said(true, true, 3, false)!.words).toBe(
      "Your answer is safe here. After it, the learner drives on by itself and crashes sooner than before. More answers near here will help.",
    );
    for (const isCrash of [true, false])
      expect(said(true, false, 4, isCrash)!.words).toMatch(/Now it drives on\.$/);
  });

  test("crashes if it does so before it is given, and is old where the learner does that", () => {
    const { state } = new Simulation(fair, 7000);
    const own = new Float64Array(1);
    driverOf(fair, clone)(state, own);
    const told = (action: number) => beforeAnswer(fair, clone, { state, action: [action] })(clone);
    expect(told(own[0]!).isOld).toBe(true);
    expect(told(own[0]! + 0.03).isOld).toBe(false);
    let [off, safe] = [0, 0];
    for (const action of [-0.25, 0, 0.25]) {
      const { effect } = told(action);
      const isCrash = crashOf(fair, state, [action], own) !== null;
      expect(effect).toMatchObject({ isCrash, before: drivesOn(fair, clone, state) });
      if (isCrash) off++;
      else safe++;
    }
    expect(safe).toBeGreaterThan(0);
    expect(off + safe).toBe(3);
  });

  test("the expert's answers mend most crashes on the spot, answers to the other side few", () => {
    const mended = { expert: 0, opposite: 0, crashes: 0 };
    for (const seed of seeds) {
      const drive = new Simulation(fair, seed);
      const action = new Float64Array(1);
      for (let t = 0; t < 150 && !drive.over; t++) {
        const state = drive.state.slice();
        driverOf(fair, clone)(state, action);
        if (drivesOn(fair, clone, state).fell && !fair.isLost!(state)) {
          mended.crashes++;
          const right = new Float64Array(1);
          fair.expert(state, right);
          for (const [name, sign] of [
            ["expert", 1],
            ["opposite", -1],
          ] as const) {
            const label = { state, action: [sign * right[0]!] };
            const data = aggregate(fair, shown, [label]);
            const taught = fit(data, policyKinds.gaussianProcess!, 1).policy;
            if (!drivesOn(fair, taught, state).fell) mended[name]++;
          }
          break;
        }
        drive.step(action);
      }
    }
    expect(mended.crashes).toBeGreaterThan(15);
    expect(mended.expert).toBeGreaterThan(0.6 * mended.crashes);
    expect(mended.opposite).toBeLessThan(0.4 * mended.expert);
  });

  test("an answer that steers off the road crashes sooner than the learner, the expert's never does", () => {
    const told = { expert: [] as unknown[], opposite: [] as unknown[] };
    for (const seed of seeds) {
      const drive = new Simulation(fair, seed);
      const [own, right] = [new Float64Array(1), new Float64Array(1)];
      // Until a moment before its first crash.
      for (let t = 0; t < 150 && !drive.over; t++) {
        driverOf(fair, clone)(drive.state, own);
        fair.expert(drive.state, right);
        const opposite = [-Math.sign(right[0]!) * 0.25];
        if (drivesOn(fair, clone, drive.state).poses.length < 8) {
          told.expert.push(crashOf(fair, drive.state, right, own));
          told.opposite.push(crashOf(fair, drive.state, opposite, own));
          break;
        }
        drive.step(own);
      }
    }
    expect(told.expert.length).toBeGreaterThan(15);
    expect(told.expert).not.toContain("sooner");
    const sooner = told.opposite.filter((one) => one === "sooner").length;
    expect(sooner).toBeGreaterThan(0.6 * told.opposite.length);
  });

  test("of a round's answers those are counted that bring the crash sooner", () => {
    const episode = demonstrate(fair, 5002);
    const round = {
      episodes: [episode],
      queries: [
        [0, 20],
        [0, 60],
      ],
    } as unknown as Round;
    const answered = (of: (action: number) => number) =>
      harmfulIn(fair, { ...round, answers: [20, 60].map((t) => [of(episode.actions[t]!)]) });
    expect(answered((action) => action)).toBe(0);
    // Hard to a side leaves the road at once.
    expect(answered(() => 0.25)).toBe(2);
    expect(answered(() => -0.25)).toBe(2);
  });
});
