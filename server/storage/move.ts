import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { Unreadable } from "../../shared/lesson/log.ts";
import { emptyTail, extended, type Tail, tailOf } from "./chain.ts";
import { moveClasses } from "./moveClasses.ts";
import { moveStudies } from "./moveStudies.ts";
import { type Connection, connect, nameOf, openLog, type Place } from "./place.ts";
import { addEvents } from "./queries.ts";
import type { Schema } from "./schema.ts";
import { fileName } from "./sqlite/database.ts";
import type { SqlLog } from "./sqlLog.ts";

export { placeIn } from "../settings.ts";

/** Lessons that are looked up at a time. */
const page = 500;

/** Why lessons could not be moved, in words for whoever asked for it. */
export class NotMoved extends Error {}

/** What came of a move. */
export interface MoveResult {
  /** Lessons that are now there as they are here. */
  readonly lessons: number;
  /** Events that were written for it; none where all was there already. */
  readonly events: number;
}

/**
 * Copies all lessons to another place, each with all of its events or not at all, and compares what can be read
 * there with what was read here by the hash of all events. A lesson that is there already is left as it is, or gets
 * what it lacks: so one can try again, and copy once more what was taught meanwhile.
 * @throws NotMoved
 */
export async function move(
  from: Place,
  to: Place,
  tell: (moved: MoveResult) => void = () => {},
): Promise<MoveResult> {
  if (from.kind === "sqlite" && !existsSync(join(from.folder, fileName)))
    throw new NotMoved(`There are no lessons in ${from.folder}.`);
  const source = await open(from);
  try {
    const target = await open(to);
    try {
      const [here, there] = [await connect(from), await connect(to)];
      try {
        return await moveAll(source, here, target, there, tell);
      } finally {
        await here.close();
        await there.close();
      }
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function open(place: Place): Promise<SqlLog> {
  return openLog(place).catch((error: Error) => {
    throw new NotMoved(`Cannot open ${nameOf(place)}: ${error.message}.`, { cause: error });
  });
}

async function moveAll(
  source: SqlLog,
  here: Connection,
  target: SqlLog,
  there: Connection,
  tell: (moved: MoveResult) => void,
): Promise<MoveResult> {
  let [lessons, events] = [0, 0];
  for (let last = "", more = true; more; ) {
    const found = await here.db
      .selectFrom("lessons")
      .selectAll()
      .where("id", ">", last)
      .orderBy("id")
      .limit(page)
      .execute();
    for (const lesson of found) {
      events += await moveLesson(source, here, there, lesson);
      await compare(source, target, lesson.id);
      tell({ lessons: ++lessons, events });
    }
    last = found.at(-1)?.id ?? last;
    more = found.length === page;
  }
  const [other] = await moveStudies(here.db, there.db);
  if (other !== undefined)
    throw new NotMoved(
      `Study ${other} is there already, with other events. The lessons were moved, and it was left as it is; move to another place.`,
    );
  const [otherClass] = await moveClasses(here.db, there.db);
  if (otherClass !== undefined)
    throw new NotMoved(
      `Class ${otherClass} is there already, with other events, or another has its code. The lessons were moved, and it was left as it is; move to another place.`,
    );
  return { lessons, events };
}

/** Returns how many events were written. */
async function moveLesson(
  source: SqlLog,
  here: Connection,
  { db }: Connection,
  { id, created, secret }: Schema["lessons"],
): Promise<number> {
  const kept = await db
    .selectFrom("lessons")
    .select(["last", "hash"])
    .where("id", "=", id)
    .executeTakeFirst();
  const before = tailOf(kept);
  const { tail, at } = await tailIn(source, id, before.last);
  if (kept && at !== before.hash)
    throw new NotMoved(
      `Lesson ${id} is there already, with other events. Nothing was done to it; move to another place.`,
    );
  if (kept && tail.last === before.last) return 0;
  const rows = await here.db
    .selectFrom("events")
    .selectAll()
    .where("lesson", "=", id)
    .where("seq", ">", before.last)
    .where("seq", "<=", tail.last)
    .orderBy("seq")
    .execute();
  const policies = await here.db
    .selectFrom("policies")
    .selectAll()
    .where("lesson", "=", id)
    .execute();
  await db.transaction().execute(async (transaction) => {
    if (kept) await transaction.updateTable("lessons").set(tail).where("id", "=", id).execute();
    else
      await transaction
        .insertInto("lessons")
        .values({ id, created, secret, ...tail })
        .execute();
    for (const query of addEvents(transaction, rows)) await transaction.executeQuery(query);
    await movePolicies(transaction, id, policies);
  });
  return rows.length;
}

/** They can be computed again, which takes long; of a lesson that has gone on, those of before are not asked for. */
async function movePolicies(
  db: Kysely<Schema>,
  lesson: string,
  policies: readonly Schema["policies"][],
): Promise<void> {
  await db.deleteFrom("policies").where("lesson", "=", lesson).execute();
  for (const policy of policies) await db.insertInto("policies").values(policy).execute();
}

/** The end of a lesson by its events, and the hash that it had after number `seq`. @throws NotMoved */
async function tailIn(
  log: SqlLog,
  lesson: string,
  seq: number,
): Promise<{ tail: Tail; at: string }> {
  let tail = emptyTail;
  let at = seq === 0 ? tail.hash : "";
  try {
    for await (const { rows } of log.stretches(lesson)) {
      for (const row of rows) {
        tail = extended(tail, row);
        if (tail.last === seq) at = tail.hash;
      }
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new NotMoved(`Lesson ${lesson} cannot be read: ${error.message}`, { cause: error });
  }
  return { tail, at };
}

/** @throws NotMoved where what can be read there is not what can be read here */
async function compare(source: SqlLog, target: SqlLog, lesson: string): Promise<void> {
  const there = await tailIn(target, lesson, 0);
  const { at } = await tailIn(source, lesson, there.tail.last);
  if (there.tail.hash !== at)
    throw new NotMoved(`Lesson ${lesson} is not there as it is here; move it to another place.`);
}
