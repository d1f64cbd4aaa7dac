import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** Events that are copied at a time. */
const page = 500;

/** Breaks off the moving of a class that is another one there. */
class Differs extends Error {}

/**
 * Copies all classes to another database, whose lessons are copied on their own: what is there already is brought up to
 * date. What can then be read there is compared with what was read here, by the hash of all events.
 * @returns addresses of classes that are there with other events, or whose code is another's there; they were left as
 * they are
 */
export async function moveClasses(from: Kysely<Schema>, to: Kysely<Schema>): Promise<string[]> {
  const others: string[] = [];
  for (const one of await from.selectFrom("classes").selectAll().orderBy("name").execute())
    await to
      .transaction()
      .execute((transaction) => moveClass(from, transaction, one))
      .catch((error) => {
        if (!(error instanceof Differs)) throw error;
        others.push(one.name);
      });
  return others;
}

/** @throws Differs */
async function moveClass(
  from: Kysely<Schema>,
  to: Kysely<Schema>,
  one: Schema["classes"],
): Promise<void> {
  const { name } = one;
  await to
    .insertInto("classes")
    .values(one)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { seed } = await to
    .selectFrom("classes")
    .select("seed")
    .where("name", "=", name)
    .executeTakeFirstOrThrow();
  if (seed !== one.seed) throw new Differs();
  // One that is being deleted here is deleted there, too.
  if (one.secret === null) {
    await to.updateTable("classes").set({ secret: null }).where("name", "=", name).execute();
    await to.deleteFrom("class_codes").where("class", "=", name).execute();
  }
  const here = await moveEvents(from, to, name);
  if ((await hashOf(to, name)) !== here) throw new Differs();
  await moveCodes(from, to, name);
  for (const row of await rowsOf(from, "class_lessons", name))
    await to
      .insertInto("class_lessons")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  // All that it drove can be driven again, but for the class's learner, which takes long.
  await to.deleteFrom("class_results").where("class", "=", name).execute();
  for (const row of await rowsOf(from, "class_results", name))
    await to.insertInto("class_results").values(row).execute();
}

/** Writes the events that are not there; those that are there stay as they are. Returns the hash of all that are here. */
async function moveEvents(from: Kysely<Schema>, to: Kysely<Schema>, name: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const rows of pagesOf(from, name)) {
    add(hash, rows);
    await to
      .insertInto("class_events")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  return hash.digest("hex");
}

async function hashOf(db: Kysely<Schema>, name: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const rows of pagesOf(db, name)) add(hash, rows);
  return hash.digest("hex");
}

function add(hash: ReturnType<typeof createHash>, rows: readonly Schema["class_events"][]): void {
  for (const { seq, at, participant, body, crc } of rows)
    hash.update(JSON.stringify([seq, at, participant, body, crc]));
}

/** All events of a class, in order; no page is empty. */
async function* pagesOf(
  db: Kysely<Schema>,
  name: string,
): AsyncGenerator<Schema["class_events"][]> {
  for (let last = 0; ; ) {
    const rows = await db
      .selectFrom("class_events")
      .selectAll()
      .where("class", "=", name)
      .where("seq", ">", last)
      .orderBy("seq")
      .limit(page)
      .execute();
    if (rows.length > 0) yield rows;
    if (rows.length < page) return;
    last = rows.at(-1)!.seq;
  }
}

/** @throws Differs where it is another's there: pupils who type it would come into that class */
async function moveCodes(from: Kysely<Schema>, to: Kysely<Schema>, name: string): Promise<void> {
  for (const row of await rowsOf(from, "class_codes", name)) {
    await to
      .insertInto("class_codes")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const { class: whose } = await to
      .selectFrom("class_codes")
      .select("class")
      .where("code", "=", row.code)
      .executeTakeFirstOrThrow();
    if (whose !== name) throw new Differs();
  }
}

function rowsOf<T extends "class_codes" | "class_lessons" | "class_results">(
  db: Kysely<Schema>,
  table: T,
  name: string,
): Promise<Schema[T][]> {
  // Kysely does not follow that all three have the column.
  const rows = (db as Kysely<Schema>)
    .selectFrom(table as "class_lessons")
    .selectAll()
    .where("class", "=", name);
  return rows.execute() as Promise<unknown[]> as Promise<Schema[T][]>;
}
