import { describe, expect, test } from "vitest";
import { Controls } from "../../client/stage/controls.ts";
import { handsFor } from "../../client/stage/hands.ts";
import { worlds } from "../../shared/worlds/index.ts";
import type { Level } from "../../shared/worlds/level.ts";

/** A world that runs, in which an action is one of three: the key's, or rest. */
const level: Level = {
  ...worlds.road!,
  action: { kind: "discrete", names: ["left", "rest", "right"] },
  steering: {
    pace: "runs",
    stepsPerSecond: 20,
    keys: { left: [0], right: [2] },
    rest: [1],
    toward: (_state, x, _y, action) => action.fill(x < 0 ? 0 : 2),
  },
};
const state = new Float64Array(3);

describe("hands on a lever, where an action is one of a few", () => {
  test("do what the key that was pressed last stands for, and rest while none is held", () => {
    const hands = handsFor(level)!;
    const controls = new Controls();
    const now = () => {
      hands.turn(state, controls, 1 / 60);
      return hands.action[0];
    };
    expect(now()).toBe(1);
    controls.press("left");
    expect(now()).toBe(0);
    controls.press("right");
    expect(now()).toBe(2);
    controls.release("right");
    expect(now()).toBe(0);
    controls.press("up");
    expect(now()).toBe(0);
    controls.release("left");
    expect(now()).toBe(1);
  });

  test("head for where a pointer presses, whatever keys are held, and go back to rest", () => {
    const hands = handsFor(level)!;
    const controls = new Controls();
    controls.press("left");
    controls.point(1, 0, true);
    hands.turn(state, controls, 1 / 60);
    expect(hands.action[0]).toBe(2);
    hands.centre();
    expect(hands.action[0]).toBe(1);
  });
});

test("nobody's hands are on anything where the world waits", () => {
  expect(handsFor(worlds.garden!)).toBeNull();
  expect(handsFor(worlds.road!)!.action).toEqual(Float64Array.of(0));
});
