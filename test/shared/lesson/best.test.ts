import { expect, test } from "vitest";
import { bestRound, bestRounds } from "../../../shared/lesson/best.ts";
import { emptyLesson, type Lesson, type Round } from "../../../shared/lesson/lesson.ts";
import { firstOpenSeed, heldOutSeeds, validationSeeds } from "../../../shared/lesson/protocol.ts";

const lessonIn = (world: string, validations: readonly (readonly number[] | undefined)[]) =>
  ({
    ...emptyLesson,
    world,
    rounds: validations.map((validation) => ({ validation }) as Round),
  }) as Lesson;

test("the best round of a road is that of the longest median way, and stays until there is a better one", () => {
  const lesson = lessonIn("road", [
    [0.1, 0.2, 0.3, 0.2, 0.1],
    [1, 1.2, 1.4, 1.1, 1.3],
    [0.9, 1.24, 8, 1.1, 9],
    [0.3, 1.1, 9, 9, 0.1],
    [2, 2.2, 2.4, 2.1, 2.3],
  ]);
  expect(bestRounds(lesson)).toEqual([0, 1, 1, 1, 4]);
  expect(bestRound(lesson)).toBe(4);
  expect(bestRound(emptyLesson)).toBeNull();
});

test("a longer median is not enough where it is luck: from the same starts more must be better than worse", () => {
  const before = [1, 1, 1, 1, 2, 5, 5, 5, 5];
  const lucky = [0.5, 0.5, 0.5, 0.5, 3, 6, 6, 6, 6];
  expect(bestRounds(lessonIn("road", [before, lucky]))).toEqual([0, 0]);
  const better = [2, 2, 2, 0.5, 3, 6, 6, 6, 6];
  expect(bestRounds(lessonIn("road", [before, better]))).toEqual([0, 1]);
  // Of nine that differ, three more is no more than a standard error.
  expect(bestRounds(lessonIn("road", [before, [2, 0.5, 0.5, 0.5, 3, 6, 6, 6, 6]]))).toEqual([0, 0]);
});

test("differences that are not told are none, and a shorter list is compared on the starts it has", () => {
  const held = [10.31, 10.32, 10.33, 10.34];
  expect(bestRounds(lessonIn("road", [held, held.map((laps) => laps + 0.01)]))).toEqual([0, 0]);
  expect(bestRounds(lessonIn("road", [[1, 1, 1, 1, 1, 1], held]))).toEqual([0, 1]);
  expect(bestRounds(lessonIn("road", [held, [1, 1, 1, 1, 1, 1]]))).toEqual([0, 0]);
});

test("elsewhere it is the one with the best mean of the world's measure", () => {
  const path = [
    [3, 3, 3],
    [1, 1, 1],
    [2, 2, 2],
  ];
  expect(bestRounds(lessonIn("path", path))).toEqual([0, 1, 1]);
  const garden = [
    [0, 0, 0],
    [1, 1, 0],
    [0, 1, 0],
  ];
  expect(bestRounds(lessonIn("garden", garden))).toEqual([0, 1, 1]);
});

test("a round that was not recorded counts as the best, and what follows begins anew", () => {
  const [far, near] = [
    [5, 5, 5],
    [4, 4, 4],
  ];
  const lesson = lessonIn("road", [undefined, undefined, far, near, undefined, near, far]);
  expect(bestRounds(lesson)).toEqual([0, 1, 2, 2, 4, 5, 6]);
});

test("validation starts are held out, and none of those that learners are measured on", () => {
  for (const seed of validationSeeds) {
    expect(seed).toBeLessThan(firstOpenSeed);
    expect(heldOutSeeds).not.toContain(seed);
  }
  expect(new Set(validationSeeds).size).toBe(validationSeeds.length);
});
