import { existsSync } from "node:fs";
import { join } from "node:path";
import { Kysely } from "kysely";
import Database from "libsql";
import { BadFile, bodyOf, readLessonFile } from "../../shared/lesson/file.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { createdKey, NotStored } from "../../shared/lesson/log.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { random128 } from "../random128.ts";
import { sha256 } from "../sha256.ts";
import { checksum, emptyTail, extended } from "../storage/chain.ts";
import { queriesOf } from "../storage/queries.ts";
import type { Schema } from "../storage/schema.ts";
import { fileName } from "../storage/sqlite/database.ts";
import { begin, Dialect } from "../storage/sqlite/dialect.ts";
import { faultOf } from "../storage/sqlite/errors.ts";
import { Writes } from "../storage/writes.ts";

export interface ImportTask {
  /** UTF-8. */
  readonly file: Uint8Array;
  /** Of the database. */
  readonly folder: string;
}

/** Errors lose their class between threads. */
export type ImportResult =
  | { readonly begun: Begun }
  | { readonly bad: string }
  | { readonly notStored: string };

/** Checks the file of a lesson, and begins a lesson of its events, all of it or nothing. */
export async function importLesson({ file, folder }: ImportTask): Promise<ImportResult> {
  try {
    return { begun: await store(readLessonFile(textOf(file)), folder) };
  } catch (error) {
    if (error instanceof BadFile) return { bad: error.message };
    if (error instanceof NotStored) return { notStored: error.message };
    throw error;
  }
}

function textOf(file: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(file);
  } catch (cause) {
    throw new BadFile("This is not the file of a lesson.", { cause });
  }
}

/** By a connection of its own, so that the main thread has no part in it. */
async function store(events: readonly LessonEvent[], folder: string): Promise<Begun> {
  const path = join(folder, fileName);
  // SQLite would make another.
  if (!existsSync(path)) throw new NotStored("The server's database was moved or deleted.");
  const database = new Database(path);
  try {
    database.pragma("synchronous = FULL");
    const db = new Kysely<Schema>({ dialect: new Dialect(database) });
    const { addLesson, addEvent } = queriesOf(db);
    const begun = { id: random128(), secret: random128() };
    const secret = sha256(begun.secret).toString("hex");
    // Keys that clients choose are longer.
    const rows = events.map((event, i) => ({
      key: i === 0 ? createdKey : `${event.seq}`,
      at: event.at,
      body: bodyOf(event),
    }));
    const tail = rows.reduce(extended, emptyTail);
    await new Writes(db, faultOf, begin).write(async (run) => {
      await run(addLesson({ id: begun.id, created: Date.now(), secret, ...tail }));
      for (const [i, row] of rows.entries()) {
        const crc = checksum(row);
        await run(addEvent({ lesson: begun.id, seq: i + 1, ...row, crc, print: null }));
      }
    });
    return begun;
  } finally {
    database.close();
  }
}
