import { resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Threads } from "../../server/jobs/threads.ts";
import type { Log, Stretch } from "../../shared/lesson/log.ts";

const created = { type: "created", world: "fair", taste: null };
const body = JSON.stringify(created);

/** Stretches that were read, of each lesson; `slow` has many. */
const read: string[] = [];
const log = {
  async *stretches(lesson: string): AsyncGenerator<Stretch> {
    for (let last = 1; last === 1 || (lesson === "slow" && last < 2000); last++) {
      await new Promise(setImmediate);
      read.push(lesson);
      yield { rows: last === 1 ? [{ key: "created", at: 1, body }] : [], last, more: false };
    }
  },
} as unknown as Log;
const threads = new Threads(resolve("dist/server/worker.js"), 1, log, () => {});
afterAll(() => threads.close());

const spend = () => {};
const noise = (lessons: string[], signal: AbortSignal | null = null) =>
  threads.run("noise", { lessons: lessons.length }, { lessons, spend }, () => {}, signal);

test("a task gets its lessons one after the other", async () => {
  read.length = 0;
  expect(await noise(["a", "b", "c"])).toEqual([]);
  expect(read).toEqual(["a", "b", "c"]);
});

test("a task that has failed, or is not wanted any more, gets none of the rest", async () => {
  read.length = 0;
  const unread = threads.run("compare", { pupils: [1, 2, 3] }, { lessons: ["a", "b", "c"], spend });
  // Nothing was trained in the first.
  await expect(unread).rejects.toThrow();
  expect(read).toEqual(["a"]);

  read.length = 0;
  const closing = new AbortController();
  const stopped = noise(["slow", "b", "c"], closing.signal);
  stopped.catch(() => {});
  while (read.length === 0) await new Promise(setImmediate);
  closing.abort();
  await expect(stopped).rejects.toThrow();
  expect(read.length).toBeLessThan(2000);
  expect(read).not.toContain("b");
});
