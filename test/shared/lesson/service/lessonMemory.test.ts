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
  const { lesson, taken, counted } = heapTakenBy(bodies);
  expect(lesson.demonstrations).toHaveLength(900);
  expect(taken).toBeLessThan(counted);
  expect(taken).toBeGreaterThan(counted / 20);
});

/** A lesson of events with these bodies, the heap that it takes, and what is counted for it. */
function heapTakenBy(bodies: readonly string[]) {
  const before = heap();
  let lesson: Lesson = emptyLesson;
  for (const [i, body] of bodies.entries())
    lesson = fold(lesson, [read({ seq: i + 1, at: 0, ...JSON.parse(body) })]);
  const taken = heap() - before;
  return { lesson, taken, counted: heapOf(bodies.reduce((sum, { length }) => sum + length, 0)) };
}

test("a lesson in which everything is asked about takes no more heap than is counted for it", () => {
  const [drives, steps] = [10, 500];
  const each = <T>(value: T) => Array<T>(steps).fill(value);
  const episode = { world: "road", seed: 5000, actions: each(0), controllers: each(1) };
  const states = Array.from({ length: drives * steps }, (_, i) => [i % drives, (i / drives) | 0]);
  const round = JSON.stringify({
    type: "trained",
    v: 2,
    plan: { policy: "fourier", query: "novel", budget: 1000, drives, spare: 4, repeats: 0.2 },
    basis: 2,
    seed: 2,
    pairs: 9,
    labels: 0,
    loss: 0,
    ms: 1,
    digest: "0".repeat(64),
    arithmetic: "stdlib-1",
    heldOut: Array(20).fill(0),
    episodes: Array(drives).fill(episode),
    uncertainty: Array(drives).fill(each(0)),
    queries: [...states, ...states.slice(0, states.length / 3)],
  });
  const created = JSON.stringify({ type: "created", world: "road" } satisfies NewEvent);
  const bodies = [created, ...Array<string>(60).fill(round)];
  const { lesson, taken, counted } = heapTakenBy(bodies);
  expect(lesson.rounds).toHaveLength(60);
  expect(taken).toBeLessThan(counted);
  expect(taken).toBeGreaterThan(counted / 2);
});
