import { Unreadable } from "../../../../shared/lesson/log.ts";
import { equal, rejects } from "./assert.ts";
import { lessonWith, newRow, newRows, requireRows, rowsOf } from "./lessons.ts";
import { type Damage, type DamageClause, type Store, using } from "./store.ts";

const nEvents = 5;

/** What is told of a lesson that was damaged while no log was open, whatever else is whole. */
function told(
  name: string,
  message: RegExp,
  harm: (damage: Damage, lesson: string) => Promise<void>,
): DamageClause {
  return {
    name,
    async run(store, damage) {
      const rows = newRows(nEvents - 1, 100);
      const [lesson, whole] = await using(store, async (log) => [
        await lessonWith(log, rows),
        await lessonWith(log, rows),
      ]);
      await harm(damage, lesson!);
      // Left as it is, so the next one is told the same.
      for (let i = 0; i < 2; i++) {
        await using(store, async (log) => {
          await rejects(rowsOf(log, lesson!), Unreadable, message);
          await requireRows(log, whole!, rows);
        });
      }
    },
  };
}

/** A lesson of which the last event is missing. */
async function cutOff(store: Store, damage: Damage): Promise<string> {
  const lesson = await using(store, (log) => lessonWith(log, newRows(nEvents - 1)));
  await damage.remove(lesson, nEvents);
  return lesson;
}

/** What becomes of lessons that are not what was once written. */
export const damages: readonly DamageClause[] = [
  told(
    "an event of which a bit has flipped is named",
    /^Event 3 of this lesson is damaged/,
    (damage, lesson) => damage.flip(lesson, 3),
  ),
  told(
    "an event that is missing in the middle is named",
    /^Event 3 of this lesson is missing/,
    (damage, lesson) => damage.remove(lesson, 3),
  ),
  told(
    "a first event that is missing is named",
    /^Event 1 of this lesson is missing/,
    (damage, lesson) => damage.remove(lesson, 1),
  ),
  told(
    "last events that are missing are counted",
    /^The last 2 events of this lesson are missing/,
    async (damage, lesson) => {
      for (const seq of [nEvents - 1, nEvents]) await damage.remove(lesson, seq);
    },
  ),
  told(
    "an event in the place of another is told, though each is whole",
    /^Events of this lesson have been replaced/,
    (damage, lesson) => damage.replace(lesson, 3),
  ),
  {
    name: "nothing is written in the place of an end that is missing",
    async run(store, damage) {
      const lesson = await cutOff(store, damage);
      await using(store, async (log) => {
        await rejects(log.append(lesson, nEvents, newRow(10, "{}")), Unreadable, /missing/);
        await rejects(
          rowsOf(log, lesson),
          Unreadable,
          /^The last 1 events of this lesson are missing/,
        );
        equal((await log.stretch(lesson, 0, 1e6)).last, nEvents - 1, "the last event");
        equal(await log.policy(lesson, nEvents), undefined, "a policy of what was not stored");
      });
    },
  },
  {
    name: "a write that fails takes no other with it",
    async run(store, damage) {
      const bad = await cutOff(store, damage);
      await using(store, async (log) => {
        const lessons = await Promise.all(
          Array.from({ length: 9 }, async () => ({ id: await lessonWith(log, []), row: newRow() })),
        );
        const writes = lessons.map(
          ({ id, row }) =>
            () =>
              log.append(id, 2, row),
        );
        const failing = () => log.append(bad, nEvents, newRow());
        const outcomes = await Promise.allSettled(
          [...writes.slice(0, 4), failing, ...writes.slice(4)].map((write) => write()),
        );
        equal(
          outcomes.map(({ status }) => status === "fulfilled"),
          outcomes.map((_, i) => i !== 4),
          "which of them are stored",
        );
        for (const { id, row } of lessons) await requireRows(log, id, [row]);
        equal((await log.stretch(bad, 0, 1e6)).last, nEvents - 1, "the last event of the bad one");
      });
    },
  },
];
