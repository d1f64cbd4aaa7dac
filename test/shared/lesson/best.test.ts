import { expect, test } from "vitest";
import { bestSoFar } from "../../../shared/imitation/selection.ts";
import { bestRound, bestRounds } from "../../../shared/lesson/best.ts";
import { emptyLesson, type Lesson, type Round } from "../../../shared/lesson/lesson.ts";
import { firstOpenSeed, heldOutSeeds, validationSeeds } from "../../../shared/lesson/protocol.ts";

const lessonIn = (world: string, validations: readonly (readonly number[] | undefined)[]) =>
  ({
    ...emptyLesson,
    world,
    rounds: validations.map((validation) => ({ validation }) as Round),
  }) as Lesson;

test("the best so far stays until there is a better one", () => {
  expect(bestSoFar([1, 3, 2, 3, 4], "more")).toEqual([0, 1, 1, 1, 4]);
  expect(bestSoFar([3, 1, 2, 1, 0], "fewer")).toEqual([0, 1, 1, 1, 4]);
  expect(bestSoFar([], "more")).toEqual([]);
});

test("a score that was not recorded counts as the best, and what follows begins anew", () => {
  expect(bestSoFar([null, null, 5, 4, null, 3, 4], "more")).toEqual([0, 1, 2, 2, 4, 5, 6]);
});

test("the best round of a road is that of the longest median way, in tenths of a lap", () => {
  const lesson = lessonIn("road", [
    [0.1, 0.2, 9],
    [1, 1.2, 1.4],
    [0.9, 1.24, 8],
    [0.3, 1.1, 9],
  ]);
  expect(bestRounds(lesson)).toEqual([0, 1, 1, 1]);
  expect(bestRound(lesson)).toBe(1);
  expect(bestRound(emptyLesson)).toBeNull();
});

test("elsewhere it is the one with the best mean of the world's measure", () => {
  expect(
    bestRounds(
      lessonIn("path", [
        [1, 3],
        [0, 1],
        [1, 1],
      ]),
    ),
  ).toEqual([0, 1, 1]);
  expect(bestRounds(lessonIn("garden", [[0, 1], [0, 0], [1, 1], undefined]))).toEqual([0, 0, 2, 3]);
});

test("validation starts are held out, and none of those that learners are measured on", () => {
  for (const seed of validationSeeds) {
    expect(seed).toBeLessThan(firstOpenSeed);
    expect(heldOutSeeds).not.toContain(seed);
  }
  expect(new Set(validationSeeds).size).toBe(validationSeeds.length);
});
