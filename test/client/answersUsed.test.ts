import { expect, test } from "vitest";
import { answersIn, sayUsed, warnOfDrive } from "../../client/lesson/correct/used.ts";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import { labelsOf } from "../../shared/lesson/training.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { drive } from "./script.ts";

const road = worlds.road!;

test("as many answers are used as the next learner would have", () => {
  const own = drive(road, 5001);
  const taken = { ...own, controllers: own.controllers.map((_, t) => (t < 30 ? 0 : 1)) };
  const actions = own.actions;
  const first = {
    episodes: [own],
    queries: [
      [0, 3],
      [0, 9],
    ],
    answers: [[0.1], [0.2]],
    answered: [3, 4],
    interventions: [{ seq: 5, episode: taken }],
    shadows: [{ seq: 6, drive: 0, speed: 1, lag: 4, actions }],
  };
  const second = { ...first, answers: [[0]], interventions: [], shadows: [] };
  const rounds = [first, second] as unknown as Lesson["rounds"];
  const { length } = labelsOf(road, { rounds } as Lesson);
  expect(length).toBeGreaterThan(33);
  expect(answersIn(road, rounds)).toBe(length);
  expect(answersIn(road, [])).toBe(0);
});

test("what is over the bound is said not to reach the goal", () => {
  expect(sayUsed(24, 72)).toBe("24 of 72 answers used.");
  const over = "With more than 72 answers you cannot reach the goal.";
  expect(sayUsed(72, 72)).toBe(`72 of 72 answers used. ${over}`);
  expect(sayUsed(90, 72)).toBe(`90 of 72 answers used. ${over}`);
});

test("where the last drive brought too many, taking it back is what to do", () => {
  const back = "Take the last drive back, and you can.";
  expect(sayUsed(198, 72, 198)).toContain(back);
  expect(sayUsed(73, 72, 1)).toContain(back);
  expect(sayUsed(90, 72, 17)).not.toContain(back);
  expect(sayUsed(72, 72, 40)).not.toContain(back);
});

test("before a drive that can bring too many, that is said, and how many are left", () => {
  expect(warnOfDrive(24, 72, 198)).toBe(
    "This level allows 72 answers. You have 48 left, and a whole drive counts as up to 198. After it you cannot reach the goal until you take it back.",
  );
  expect(warnOfDrive(24, 72, 48)).toBe(null);
  expect(warnOfDrive(24, 72, 49)).toContain("You have 48 left");
  expect(warnOfDrive(80, 72, 10)).toContain("You have 0 left");
});
