import { Unreadable } from "../../../../shared/lesson/log.ts";
import { equal, holds, rejects } from "./assert.ts";
import { eventsOf, lessonWith, newLesson, newRow, requireRows, rowsOf } from "./lessons.ts";
import { type Clause, using, usingTwo } from "./store.ts";

/** What a lesson begins with, who owns it, and what is there when the log is opened again. */
export const lessons: readonly Clause[] = [
  {
    name: "a new lesson has an address of its own and one event, which tells what it was begun with",
    run: (store) =>
      using(store, async (log) => {
        const [one, other] = [await log.create(newLesson), await log.create(newLesson)];
        holds(one.id !== other.id && one.secret !== other.secret, "each lesson is another");
        const [created, ...more] = await eventsOf(log, one.id);
        const { seq, at, ...first } = created!;
        equal({ seq, ...first }, { seq: 1, type: "created", ...newLesson }, "the first event");
        holds(Math.abs(Date.now() - at) < 60_000, "its time is now");
        equal(more, [], "what comes after it");
      }),
  },
  {
    name: "only the secret that a lesson was begun with makes one its owner",
    run: (store) =>
      using(store, async (log) => {
        const [one, other] = [await log.create(newLesson), await log.create(newLesson)];
        equal(await log.isOwner(one.id, one.secret), true, "its secret");
        equal(await log.isOwner(one.id, other.secret), false, "another's secret");
        equal(await log.isOwner(one.id, one.secret.slice(1)), false, "a part of its secret");
        equal(await log.isOwner(one.id, ""), false, "an empty secret");
        equal(await log.isOwner(one.id, undefined), false, "no secret");
      }),
  },
  {
    name: "a lesson that does not exist has no events, no owner, no keys and no policies",
    run: (store) =>
      using(store, async (log) => {
        const { secret } = await log.create(newLesson);
        const nowhere = "no-such-lesson";
        equal(await rowsOf(log, nowhere), [], "its events");
        const none = { rows: [], last: 0, more: false };
        equal(await log.stretch(nowhere, 0, 1000), none, "a stretch of it");
        equal(await log.isOwner(nowhere, secret), false, "an owner");
        equal(await log.find(nowhere, "created"), undefined, "a key");
        equal(await log.policy(nowhere, 1), undefined, "a policy");
        await rejects(log.append(nowhere, 2, newRow()), Unreadable, /missing/);
      }),
  },
  {
    name: "the first and the last policy of a lesson are kept as they were",
    run: (store) =>
      using(store, async (log) => {
        const policies = ["[1]", "[2]", "[3]", `[${"4,".repeat(50_000)}5]`];
        const rows = policies.flatMap((policy) => [newRow(10, policy), newRow()]);
        const [lesson, other] = [await lessonWith(log, rows), await lessonWith(log, rows)];
        for (const id of [lesson, other]) {
          equal(await log.policy(id, 2), policies[0], "the first policy");
          equal(await log.policy(id, 8), policies[3], "the last policy");
          for (const [seq, policy] of [4, 6].map((seq) => [seq, policies[seq / 2 - 1]] as const)) {
            const kept = await log.policy(id, seq);
            holds(kept === undefined || kept === policy, `policy ${seq} is as it was, or not kept`);
          }
          equal(await log.policy(id, 3), undefined, "a policy of an event without one");
        }
      }),
  },
  {
    name: "a policy that was computed again is kept in place of what was there, and the first with it",
    run: (store) =>
      using(store, async (log) => {
        const lesson = await lessonWith(log, [newRow(10, "[1]"), newRow(10, "[2]"), newRow()]);
        await log.keepPolicy(lesson, 3, "[3]");
        equal(await log.policy(lesson, 3), "[3]", "the last policy");
        await log.keepPolicy(lesson, 2, "[4]");
        equal(await log.policy(lesson, 2), "[4]", "the first policy");
        equal(await log.policy(lesson, 3), "[3]", "the last policy after that");
      }),
  },
  {
    name: "what resolved is there when the log is opened again, and one goes on where one was",
    async run(store) {
      const rows = [newRow(), newRow(10, '{"policy":1}'), newRow(100_000)];
      const begun = await using(store, async (log) => {
        const begun = await log.create(newLesson);
        for (const [i, row] of rows.entries()) await log.append(begun.id, i + 2, row);
        return begun;
      });
      await using(store, async (log) => {
        await requireRows(log, begun.id, rows);
        equal(await log.isOwner(begun.id, begun.secret), true, "its owner");
        equal(await log.policy(begun.id, 3), '{"policy":1}', "its policy");
        equal(await log.append(begun.id, 4, newRow()), null, "a place that is taken");
        equal(await log.append(begun.id, 5, rows[0]!), null, "a key that is taken");
        const next = newRow();
        holds((await log.append(begun.id, 5, next)) !== null, "the next is stored");
        await requireRows(log, begun.id, [...rows, next]);
      });
    },
  },
  {
    name: "a store has one name, whoever opens it and whenever",
    async run(store) {
      const epoch = await using(store, async (log) => log.epoch);
      holds(epoch.length > 0, "it has a name");
      await usingTwo(store, async (here, there) => {
        equal(here.epoch, epoch, "its name when it is opened again");
        equal(there.epoch, epoch, "its name to somebody else");
      });
    },
  },
];
