import { expect, test } from "vitest";
import { emptyLesson, type Lesson } from "../../../shared/lesson/lesson.ts";
import { changes } from "../../../shared/lesson/requests.ts";
import { worlds } from "../../../shared/worlds/index.ts";

test("a learner is trained on twenty million numbers at most", () => {
  const { observationSize } = worlds.road!;
  const most = Math.floor(2e7 / observationSize);
  const shownFor = (steps: number): Lesson => {
    const controllers = Array<number>(steps).fill(0);
    const episode = { world: "road", seed: 5000, actions: [], controllers };
    return { ...emptyLesson, world: "road", demonstrations: [{ seq: 2, episode }] };
  };
  const plan = { policy: "fourier", query: "every", budget: 1, drives: 1 };
  const refuse = (lesson: Lesson) => changes.train.refuse(lesson, { plan });
  expect(refuse(shownFor(most))).toBeNull();
  expect(refuse(shownFor(most + 1))?.code).toBe("full");
});
