import { expect, test } from "vitest";
import { sayAction } from "../../client/lesson/correct/time-stop/words.ts";
import { Controls } from "../../client/stage/controls.ts";
import { Wheel } from "../../client/stage/wheel.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { fair } from "../../shared/worlds/road/levels.ts";

test("taps are told apart by their words: one is a little, five are not", () => {
  const wheel = new Wheel(fair);
  const said = Array.from({ length: 12 }, () => {
    wheel.nudge("right");
    wheel.turn(new Float64Array(fair.stateSize), new Controls(), 0, true);
    return sayAction(fair, [...wheel.action]);
  });
  expect(said[0]).toBe("a little right");
  expect(said[4]).toBe("right");
  expect(said[11]).toBe("hard right");
});

test("what the road asks for has words of its own: none of them is for most of it", () => {
  const words = new Map<string, number>();
  const { actions } = demonstrate(fair, 5001);
  for (const action of actions) {
    const word = sayAction(fair, [action]).replace(/ ?(left|right)/, "");
    words.set(word, (words.get(word) ?? 0) + 1);
  }
  expect(words.size).toBeGreaterThan(2);
  expect(Math.max(...words.values())).toBeLessThan(0.75 * actions.length);
});
