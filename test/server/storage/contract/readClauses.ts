import fc from "fast-check";
import type { Row } from "../../../../shared/lesson/log.ts";
import { equal, holds } from "./assert.ts";
import { lessonWith, newLesson, newRow, newRows, rowsOf } from "./lessons.ts";
import { type Clause, using } from "./store.ts";

/** In which stretches a lesson is read. */
export const reads: readonly Clause[] = [
  {
    name: "a stretch is about as large as was asked for, has an event at least, and tells what is left",
    run: (store) =>
      using(store, async (log) => {
        const sizes = fc.array(fc.constantFrom(1, 100, 2000, 30_000), { maxLength: 15 });
        const property = fc.asyncProperty(
          sizes,
          fc.integer({ min: 1, max: 50_000 }),
          async (sizes, size) => {
            const rows = sizes.map((size) => newRow(size));
            const lesson = await lessonWith(log, rows);
            const read: Row[] = [];
            for (let more = true; more; ) {
              const stretch = await log.stretch(lesson, read.length, size);
              holds(stretch.rows.length > 0, "a stretch has an event");
              const before = stretch.rows.slice(0, -1).reduce((n, { body }) => n + body.length, 0);
              holds(before < size, "a stretch ends where it is large enough");
              read.push(...stretch.rows);
              equal(stretch.last, read.length, "the number of its last event");
              more = stretch.more;
              equal(more, read.length < rows.length + 1, "whether there are more");
            }
            equal(read, await rowsOf(log, lesson), "all stretches together");
          },
        );
        await fc.assert(property, { numRuns: 15 });
      }),
  },
  {
    name: "a stretch has at most 500 events, however small they are",
    run: (store) =>
      using(store, async (log) => {
        const { id } = await log.create(newLesson);
        const rows = newRows(1100, 1);
        await Promise.all(rows.map((row, i) => log.append(id, i + 2, row)));
        const lengths: number[] = [];
        for (let [since, more] = [0, true]; more; ) {
          const stretch = await log.stretch(id, since, 1e9);
          lengths.push(stretch.rows.length);
          ({ last: since, more } = stretch);
        }
        equal(
          lengths.reduce((sum, n) => sum + n, 0),
          1101,
          "all of them",
        );
        holds(Math.max(...lengths) <= 500, `at most 500 of ${lengths}`);
        equal((await rowsOf(log, id)).length, 1101, "all of them, read in order");
      }),
  },
  {
    name: "after each event comes what comes after it, and after the last nothing",
    run: (store) =>
      using(store, async (log) => {
        const lesson = await lessonWith(log, newRows(6, 30_000));
        const all = await rowsOf(log, lesson);
        for (let since = 0; since <= 7; since++) {
          equal(await rowsOf(log, lesson, since), all.slice(since), `what comes after ${since}`);
          const { rows } = await log.stretch(lesson, since, 1);
          equal(rows, all.slice(since, since + 1), `the one after ${since}`);
        }
        const none = { rows: [], last: 7, more: false };
        equal(await log.stretch(lesson, 7, 1000), none, "what comes after the last");
      }),
  },
];
