import { type CompiledQuery, type Kysely, sql } from "kysely";
import { mostRows } from "../../shared/lesson/log.ts";
import { random128 } from "../random128.ts";
import type { Tail } from "./chain.ts";
import { compiled } from "./compiled.ts";
import type { Schema } from "./schema.ts";

/**
 * Said of queries that give one row at most, in the query's text, where a driver sees it: to read one row
 * can be much quicker than to read all of them.
 */
const one = sql.raw("limit 1");

/** The only id in a table of one row. */
const id = 1;

/** An event of a lesson. */
interface EventPlace {
  readonly lesson: string;
  readonly seq: number;
}

/** Every query of a log, ready to run. */
export type Queries = ReturnType<typeof queriesOf>;

export function queriesOf(db: Kysely<Schema>) {
  return {
    addLesson: compiled(({ id, created, secret, last, hash }: Schema["lessons"]) =>
      db.insertInto("lessons").values({ id, created, secret, last, hash }),
    ),
    secret: compiled(({ lesson }: { lesson: string }) =>
      db.selectFrom("lessons").select("secret").where("id", "=", lesson).modifyEnd(one),
    ),

    /** Changes no row where the place or the key is taken. */
    addEvent: compiled(({ lesson, seq, key, at, body, crc, print }: Schema["events"]) =>
      db
        .insertInto("events")
        .values({ lesson, seq, key, at, body, crc, print })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    eventOfKey: compiled(({ lesson, key }: { lesson: string; key: string }) =>
      db
        .selectFrom("events")
        .select(["seq", "print"])
        .where("lesson", "=", lesson)
        .where("key", "=", key)
        .modifyEnd(one),
    ),
    /** How long a text is, is written before it, so that this reads no text. */
    sizesAfter: compiled(({ lesson, seq }: EventPlace) =>
      db
        .selectFrom("events")
        .select(["seq", sql<number>`octet_length(body)`.as("size")])
        .where("lesson", "=", lesson)
        .where("seq", ">", seq)
        .orderBy("seq")
        .limit(mostRows + 1),
    ),
    eventsBetween: compiled(({ lesson, seq, until }: EventPlace & { until: number }) =>
      db
        .selectFrom("events")
        .select(["seq", "key", "at", "body", "crc"])
        .where("lesson", "=", lesson)
        .where("seq", ">", seq)
        .where("seq", "<=", until)
        .orderBy("seq"),
    ),

    tail: compiled(({ lesson }: { lesson: string }) =>
      db.selectFrom("lessons").select(["last", "hash"]).where("id", "=", lesson).modifyEnd(one),
    ),
    keepTail: compiled(({ lesson, last, hash }: Tail & { lesson: string }) =>
      db.updateTable("lessons").set({ last, hash }).where("id", "=", lesson),
    ),

    /** In the place of what is there, as that may be damaged. */
    addPolicy: compiled(({ lesson, seq, json }: Schema["policies"]) =>
      db
        .insertInto("policies")
        .values({ lesson, seq, json })
        .onConflict((conflict) => conflict.columns(["lesson", "seq"]).doUpdateSet({ json })),
    ),
    policy: compiled(({ lesson, seq }: EventPlace) =>
      db
        .selectFrom("policies")
        .select("json")
        .where("lesson", "=", lesson)
        .where("seq", "=", seq)
        .modifyEnd(one),
    ),
    /** Nobody asks for what came between the first and the last, and all can be computed again. */
    forgetPolicies: compiled(({ lesson, seq }: EventPlace) =>
      db
        .deleteFrom("policies")
        .where("lesson", "=", lesson)
        .where("seq", ">", (of) =>
          of
            .selectFrom("policies")
            .select((select) => select.fn.min("seq").as("first"))
            .where("lesson", "=", lesson),
        )
        .where("seq", "<", seq),
    ),

    check: compiled(({ at }: { at: number }) =>
      db
        .insertInto("checks")
        .values({ id, at })
        .onConflict((conflict) => conflict.column("id").doUpdateSet({ at })),
    ),
  };
}

/** Rows that are written by one statement, and characters of them, unless one row has more. */
const rowsAtOnce = 500;
const sizeAtOnce = 1 << 20;

/** Adds all of these, by as many statements as it takes. */
export function addEvents(db: Kysely<Schema>, rows: readonly Schema["events"][]): CompiledQuery[] {
  const parts: Schema["events"][][] = [];
  let size = 0;
  for (const row of rows) {
    const part = parts.at(-1);
    size += row.body.length;
    if (part && part.length < rowsAtOnce && size <= sizeAtOnce) part.push(row);
    else {
      parts.push([row]);
      size = row.body.length;
    }
  }
  return parts.map((part) => db.insertInto("events").values(part).compile());
}

/**
 * Names of the migrations that were done here, none in an empty database; null where the tables are not of this
 * program's making.
 */
export async function migrationsIn(db: Kysely<Schema>): Promise<string[] | null> {
  // Looked at once, as another process may be making them.
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (tables.length === 0) return [];
  if (!tables.some(({ name }) => name === "kysely_migration")) return null;
  const rows = await (db as unknown as Kysely<{ kysely_migration: { name: string } }>)
    .selectFrom("kysely_migration")
    .select("name")
    .execute();
  return rows.map(({ name }) => name);
}

/**
 * Whether a lesson was stored of which the database did not say so: it may have answered when nobody could hear it.
 * False where it does not answer now either; then there may be a lesson of which nobody knows.
 */
export async function wasBegun(db: Kysely<Schema>, lesson: string): Promise<boolean> {
  try {
    const query = db.selectFrom("lessons").select("id").where("id", "=", lesson);
    return (await query.execute()).length > 0;
  } catch {
    return false;
  }
}

/** By which name pages know the log; undefined where it has none yet. */
export async function epochOf(db: Kysely<Schema>): Promise<string | undefined> {
  const row = await db.selectFrom("epochs").select("epoch").executeTakeFirst();
  return row?.epoch;
}

/** Gives the log a new name, and returns it. */
export async function beginEpoch(db: Kysely<Schema>): Promise<string> {
  const epoch = random128();
  await db
    .insertInto("epochs")
    .values({ id, epoch })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ epoch }))
    .execute();
  return epoch;
}
