import fc from "fast-check";
import { type Log, type NewRow, Unreadable } from "../../../../shared/lesson/log.ts";
import { equal, holds, rejects } from "./assert.ts";
import {
  eventsOf,
  lessonWith,
  newLesson,
  newRow,
  newRows,
  requireRows,
  rowsOf,
} from "./lessons.ts";
import { type Clause, using, usingTwo } from "./store.ts";

/** What becomes of what one or more writers append. */
export const writes: readonly Clause[] = [
  {
    name: "what was appended is read as the append said, in order and without gaps",
    run: (store) =>
      using(store, async (log) => {
        const rows = [newRow(0), newRow(10), newRow(5000), newRow(200_000), newRow(1)];
        const { id } = await log.create(newLesson);
        for (const [i, row] of rows.entries()) {
          const stored = (await log.append(id, i + 2, row))!;
          equal((await eventsOf(log, id)).at(-1), stored.event, "the last event");
          equal((await rowsOf(log, id)).at(-1), stored.row, "the last row");
        }
        await requireRows(log, id, rows);
      }),
  },
  {
    name: "a place or a key that is taken gives null and changes nothing",
    run: (store) =>
      using(store, async (log) => {
        const rows = newRows(3);
        const lesson = await lessonWith(log, rows);
        for (const seq of [1, 2, 4])
          equal(await log.append(lesson, seq, newRow(10, "{}")), null, `place ${seq}`);
        const { key } = rows[0]!;
        equal(await log.append(lesson, 5, { ...newRow(10, "{}"), key }), null, "a key once more");
        equal(await log.append(lesson, 2, rows[0]!), null, "all of it once more");
        await requireRows(log, lesson, rows);
        for (const seq of [2, 5]) equal(await log.policy(lesson, seq), undefined, "a policy");
        const other = await lessonWith(log, [{ ...newRow(), key }]);
        equal((await log.find(other, key))?.seq, 2, "the same key in another lesson");
      }),
  },
  {
    name: "a place that would leave a gap is refused, and one goes on at the next",
    run: (store) =>
      using(store, async (log) => {
        const rows = newRows(2);
        const lesson = await lessonWith(log, rows);
        await rejects(log.append(lesson, 5, newRow(10, "{}")), Unreadable, /missing/);
        equal(await log.policy(lesson, 5), undefined, "a policy of what was not stored");
        const next = newRow();
        holds((await log.append(lesson, 4, next)) !== null, "the next is stored");
        await requireRows(log, lesson, [...rows, next]);
      }),
  },
  {
    name: "whatever is appended wherever, two logs on one store do what one list would do",
    run: (store) =>
      usingTwo(store, async (here, there) => {
        const step = fc.record({
          isHere: fc.boolean(),
          /** Places after the next. */
          off: fc.constantFrom(0, 0, 0, -1, -2, 1),
          isOldKey: fc.constantFrom(false, false, false, true),
          size: fc.constantFrom(1, 100, 3000, 40_000),
        });
        const property = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const { id } = await here.create(newLesson);
          const rows: NewRow[] = [];
          for (const { isHere, off, isOldKey, size } of steps) {
            const key = off <= 0 && isOldKey ? rows[0]?.key : undefined;
            const row = { ...newRow(size), ...(key && { key }) };
            const seq = Math.max(1, rows.length + 2 + off);
            const appended = (isHere ? here : there).append(id, seq, row);
            if (off > 0) {
              await rejects(appended, Unreadable, /missing/);
            } else {
              const fits = off === 0 && !key;
              equal((await appended) !== null, fits, `whether it is stored at ${seq}`);
              if (fits) rows.push(row);
            }
          }
          await requireRows(here, id, rows);
          await requireRows(there, id, rows);
        });
        await fc.assert(property, { numRuns: 20 });
      }),
  },
  {
    name: "of many who want one place, or bring one key, exactly one gets it",
    run: (store) =>
      usingTwo(store, async (here, there) => {
        const lesson = await lessonWith(here, []);
        const logs = Array.from({ length: 100 }, (_, i) => (i % 2 ? here : there));
        const rows = newRows(100);
        const places = await Promise.all(logs.map((log, i) => log.append(lesson, 2, rows[i]!)));
        const won = rows.filter((_, i) => places[i] !== null);
        equal(won.length, 1, "how many got the place");
        const row = newRow();
        const keys = await Promise.all(logs.map((log) => log.append(lesson, 3, row)));
        equal(keys.filter((stored) => stored !== null).length, 1, "how often it was done");
        await requireRows(there, lesson, [...won, row]);
      }),
  },
  {
    name: "who writes to one lesson from two logs loses nothing, and nothing is done twice",
    run: (store) =>
      usingTwo(store, async (here, there) => {
        const lesson = await lessonWith(here, []);
        /** As a room does: where the place is taken, looks what came and asks for the next. */
        const teach = async (log: Log, rows: readonly NewRow[]) => {
          let last = 1;
          for (const row of rows)
            while ((await log.append(lesson, last + 1, row)) === null)
              last += (await rowsOf(log, lesson, last)).length;
        };
        const [mine, theirs] = [newRows(40), newRows(40)];
        await Promise.all([teach(here, mine), teach(there, theirs)]);
        const found = (await rowsOf(here, lesson)).slice(1).map(({ key }) => key);
        const isMine = new Set(mine.map(({ key }) => key));
        const keysOf = (rows: readonly NewRow[]) => rows.map(({ key }) => key);
        const [own, others] = [true, false].map((is) => found.filter((k) => isMine.has(k) === is));
        equal(own, keysOf(mine), "what the one wrote");
        equal(others, keysOf(theirs), "what the other wrote");
      }),
  },
  {
    name: "many lessons that are written to at once all get what is theirs",
    run: (store) =>
      using(store, async (log) => {
        const all = await Promise.all(
          Array.from({ length: 100 }, async () => {
            const rows = newRows(3);
            return { id: await lessonWith(log, rows), rows };
          }),
        );
        for (const { id, rows } of all) await requireRows(log, id, rows);
      }),
  },
];
