import { BadFile, bodyOf, readLessonFile } from "../../shared/lesson/file.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { createdKey, NotStored } from "../../shared/lesson/log.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { random128 } from "../random128.ts";
import { runLast } from "../runLast.ts";
import { sha256 } from "../sha256.ts";
import { checksum, emptyTail, extended } from "../storage/chain.ts";
import { connect, type Place } from "../storage/place.ts";
import { queriesOf } from "../storage/queries.ts";
import { Writes } from "../storage/writes.ts";

runLast();

export interface ImportTask {
  /** UTF-8. */
  readonly file: Uint8Array<ArrayBuffer>;
  /** Where lessons are kept. */
  readonly place: Place;
  /** Characters in a lesson. */
  readonly longest: number;
}

/** Errors lose their class between threads. */
export type ImportResult =
  | { readonly begun: Begun }
  | { readonly bad: string }
  | { readonly notStored: string };

/** Checks the file of a lesson, and begins a lesson of its events, all of it or nothing. */
export async function importLesson({ file, place, longest }: ImportTask): Promise<ImportResult> {
  try {
    return { begun: await store(readLessonFile(textOf(file), longest), place) };
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
async function store(events: readonly LessonEvent[], place: Place): Promise<Begun> {
  const { db, faultOf, begin, close } = await connect(place);
  try {
    const begun = { id: random128(), secret: random128() };
    const secret = sha256(begun.secret).toString("hex");
    // Keys that clients choose are longer.
    const rows = events.map((event, i) => ({
      key: i === 0 ? createdKey : `${event.seq}`,
      at: event.at,
      body: bodyOf(event),
    }));
    const tail = rows.reduce(extended, emptyTail);
    const { id: lesson } = begun;
    // Everything that can be done before, since nobody else writes meanwhile.
    const statements = [
      queriesOf(db).addLesson({ id: lesson, created: Date.now(), secret, ...tail }),
      ...parts(rows).map(([from, part]) => {
        const values = part.map((row, i) => ({
          lesson,
          seq: from + i + 1,
          ...row,
          crc: checksum(row),
          print: null,
        }));
        return db.insertInto("events").values(values).compile();
      }),
    ];
    await new Writes(db, faultOf, begin).write(async (run) => {
      for (const statement of statements) await run(statement);
    });
    return begun;
  } finally {
    await close();
  }
}

/** Rows that are written by one statement, each part with the number of rows before it. */
function parts<Row>(rows: readonly Row[]): (readonly [number, readonly Row[]])[] {
  const most = 500;
  const n = Math.ceil(rows.length / most);
  return Array.from({ length: n }, (_, i) => [i * most, rows.slice(i * most, (i + 1) * most)]);
}
