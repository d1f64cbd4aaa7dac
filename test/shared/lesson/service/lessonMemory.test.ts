import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { fold, type NewEvent, read } from "../../../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson } from "../../../../shared/lesson/lesson.ts";
import { heapOf } from "../../../../shared/lesson/service/lessonMemory.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const heap = () => {
  collect();
  return process.memoryUsage().heapUsed;
};

test.each([
  ["small whole numbers", 0],
  ["long fractions", 0.123456789012345],
])("a lesson takes about the heap that is counted for it, with %s", (_, action) => {
  const steps = 2000;
  const episode = {
    world: "road",
    seed: 5000,
    actions: Array<number>(steps).fill(action),
    controllers: Array<number>(steps).fill(0),
  };
  const created: NewEvent = { type: "created", world: "road" };
  const shown = JSON.stringify({ type: "demonstrated", episode } satisfies NewEvent);
  const bodies = [JSON.stringify(created), ...Array<string>(900).fill(shown)];
  const before = heap();
  let lesson: Lesson = emptyLesson;
  for (const [i, body] of bodies.entries())
    lesson = fold(lesson, [read({ seq: i + 1, at: 0, ...JSON.parse(body) })]);
  const taken = heap() - before;
  const counted = heapOf(bodies.reduce((sum, { length }) => sum + length, 0));
  expect(lesson.demonstrations).toHaveLength(900);
  expect(taken).toBeLessThan(counted);
  expect(taken).toBeGreaterThan(counted / 20);
});
