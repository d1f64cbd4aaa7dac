import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** Events that are copied at a time. */
const page = 500;

/** Breaks off the moving of a class that is another one there. */
class Differs extends Error {}

/**
 * Copies all classes to another database, whose lessons are copied on their own; what is there already gets what it lacks.
 * @returns addresses of classes that are there with other events, and were left as they are
 */
export async function moveClasses(from: Kysely<Schema>, to: Kysely<Schema>): Promise<string[]> {
  const others: string[] = [];
  for (const one of await from.selectFrom("classes").selectAll().orderBy("name").execute())
    await moveClass(from, to, one).catch((error) => {
      if (!(error instanceof Differs)) throw error;
      others.push(one.name);
    });
  return others;
}

/** @throws Differs and nothing was done */
async function moveClass(
  from: Kysely<Schema>,
  to: Kysely<Schema>,
  one: Schema["classes"],
): Promise<void> {
  const { name } = one;
  await to.transaction().execute(async (transaction) => {
    await transaction
      .insertInto("classes")
      .values(one)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    for (let last = 0, more = true; more; ) {
      const rows = await eventsAfter(from, name, last);
      const there = await eventsAfter(transaction, name, last);
      const kept = new Map(there.map((row) => [row.seq, row.crc]));
      for (const row of rows) {
        // The checksum is of its place, its time and its content.
        if (!kept.has(row.seq)) await transaction.insertInto("class_events").values(row).execute();
        else if (kept.get(row.seq) !== row.crc) throw new Differs();
      }
      last = rows.at(-1)?.seq ?? last;
      more = rows.length === page;
    }
    for (const table of ["class_codes", "class_lessons", "class_results"] as const) {
      // What the class's learner drove may be newer here.
      await transaction.deleteFrom(table).where("class", "=", name).execute();
      for (const row of await from
        .selectFrom(table)
        .selectAll()
        .where("class", "=", name)
        .execute())
        await transaction.insertInto(table).values(row).execute();
    }
  });
}

function eventsAfter(db: Kysely<Schema>, name: string, seq: number) {
  return db
    .selectFrom("class_events")
    .selectAll()
    .where("class", "=", name)
    .where("seq", ">", seq)
    .orderBy("seq")
    .limit(page)
    .execute();
}
