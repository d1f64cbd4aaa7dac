import { describe, expect, it } from "vitest";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { alarmAt, askingGate } from "../../../shared/imitation/thrifty.ts";
import { expectedTrouble } from "../../../shared/imitation/trouble.ts";
import { weighings } from "../../../shared/imitation/weighings/index.ts";
import { takeoversIn } from "../../../shared/imitation/weighings/weighing.ts";
import { gaussianProcess } from "../../../shared/policies/gaussianProcess.ts";
import { Controller, replay, type Trajectory } from "../../../shared/worlds/episode.ts";
import { road } from "../../../shared/worlds/road/levels.ts";

const { expert, learner } = Controller;
const shown = replay(road, demonstrate(road, 3000));
const other = replay(road, demonstrate(road, 3001));

/** A drive whose wheel the expert has in these steps. */
const driven = (drive: Trajectory, isExpert: (t: number) => boolean): Trajectory => ({
  ...drive,
  controllers: drive.controllers.map((_, t) => (isExpert(t) ? expert : learner)),
  outcomes: drive.outcomes.map(() => 0),
});
const inControl = driven(other, (t) => t >= 100 && t < 120);
const weightsOf = (name: string, drives: readonly Trajectory[]) =>
  weighings[name]!.weigh(road, drives, gaussianProcess, 1);
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe("drives in which the wheel changed hands", () => {
  it("are taken over where the learner drove before, not where the expert always did", () => {
    expect(takeoversIn(inControl)).toEqual([100]);
    expect(takeoversIn(shown)).toEqual([]);
    expect(takeoversIn(driven(other, (t) => t < 5))).toEqual([]);
  });

  it("teach the expert's steps alone, each once", () => {
    const [all, some] = weightsOf("expertOnly", [shown, inControl]);
    expect([...all!]).toEqual(Array(shown.length).fill(1));
    expect(sum(some!)).toBe(20);
    expect(sum(some!.subarray(100, 120))).toBe(20);
  });

  it("count half by interventions, not at all just before, and demonstrations as they are", () => {
    const [all, some] = weightsOf("beforeAndAfter", [shown, inControl]);
    const n = shown.length + inControl.length;
    expect([...all!]).toEqual(Array(shown.length).fill(1));
    expect(sum(some!.subarray(100, 120))).toBeCloseTo(Math.min(inControl.length, n / 2), 9);
    // 0.75 s at 20 steps a second.
    expect(sum(some!.subarray(85, 100))).toBe(0);
    expect(sum(all!) + sum(some!)).toBeCloseTo(n, 9);
    // Nobody took the wheel: what the learner did is all that there is beside the demonstration.
    const [, own] = weightsOf("beforeAndAfter", [shown, driven(other, () => false)]);
    expect(own![84]).toBeGreaterThan(0);
  });

  it("count alike where there was no takeover, and less where one followed", () => {
    for (const weights of weightsOf("asReward", [shown, driven(other, () => false)]))
      for (const weight of weights) expect(weight).toBeCloseTo(1, 9);
    const [, some] = weightsOf("asReward", [shown, inControl]);
    expect(some![99]).toBeLessThan(0.2);
    expect(sum(some!.subarray(0, 50)) / 50).toBeGreaterThan(some![99]!);
  });

  it("say how soon trouble comes after a place", () => {
    const trouble = Uint8Array.from(other.controllers, (_, t) => (t === 99 ? 1 : 0));
    const none = new Uint8Array(shown.length);
    const states = (drive: Trajectory, t: number) =>
      drive.states.subarray(t * road.stateSize, (t + 1) * road.stateSize);
    const expected = expectedTrouble(road, [other], [trouble], gaussianProcess, 1);
    expect(expected(states(other, 99))).toBeGreaterThan(expected(states(other, 80)));
    expect(expected(states(other, 80))).toBeGreaterThan(expected(states(other, 40)));
    expect(expectedTrouble(road, [shown], [none], gaussianProcess, 1)(states(shown, 50))).toBe(0);
  });
});

describe("a learner that asks for the wheel", () => {
  it("finds as large a share of the places alarming as it may", () => {
    const first = (state: Float64Array) => state[0]!;
    const { of, threshold } = alarmAt(0.1, road, [shown], first);
    const levels = Array.from({ length: shown.length }, (_, t) =>
      of(shown.states.subarray(t * road.stateSize)),
    );
    const share = levels.filter((level) => level > threshold).length / levels.length;
    expect(share).toBeCloseTo(0.1, 2);
  });

  it("has it back where nothing is alarming and it would do what the expert does", () => {
    const gate = askingGate([{ of: (state) => state[0]!, threshold: 1 }]);
    const at = (level: number, expertDrives: boolean, disagreement: number) =>
      gate({ t: 0, state: Float64Array.of(level), expertDrives, disagreement, deviation: 0 });
    expect(at(0, false, 0.9)).toBe(false);
    expect(at(2, false, 0)).toBe(true);
    expect(at(2, true, 0)).toBe(true);
    expect(at(0, true, 0.2)).toBe(true);
    expect(at(0, true, 0.05)).toBe(false);
  });
});
