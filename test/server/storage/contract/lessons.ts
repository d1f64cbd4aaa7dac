import type { LessonEvent, NewEvent } from "../../../../shared/lesson/fold.ts";
import { eventsIn, type Log, type NewRow, type Row } from "../../../../shared/lesson/log.ts";
import { equal, holds } from "./assert.ts";

/** What lessons are begun with here. */
export const newLesson = { world: "garden", taste: null };

let nKeys = 0;

/** A request under a key that no other has, whose event has about `size` bytes. */
export function newRow(size = 10, policy?: string): NewRow {
  const key = `contract-key-${nKeys++}`;
  const actions = Array.from({ length: Math.ceil(size / 4) }, (_, i) => 100 + (i % 900));
  const episode = { world: newLesson.world, seed: 1, controllers: [], actions };
  const event: NewEvent = { type: "demonstrated", episode };
  return { key, print: `print-of-${key}`, event, policy };
}

export const newRows = (count: number, size?: number): NewRow[] =>
  Array.from({ length: count }, () => newRow(size));

/** A new lesson with one event for each of `rows` after its first. */
export async function lessonWith(log: Log, rows: readonly NewRow[]): Promise<string> {
  const { id } = await log.create(newLesson);
  for (const [i, row] of rows.entries())
    holds((await log.append(id, i + 2, row)) !== null, `event ${i + 2} is stored`);
  return id;
}

export async function rowsOf(log: Log, lesson: string, since?: number): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const stretch of log.stretches(lesson, since)) rows.push(...stretch.rows);
  return rows;
}

export async function eventsOf(log: Log, lesson: string): Promise<LessonEvent[]> {
  const rows = await rowsOf(log, lesson);
  return eventsIn(rows, rows.length);
}

/** Throws where `lesson` has not exactly these events after its first, each under its key. */
export async function requireRows(
  log: Log,
  lesson: string,
  rows: readonly NewRow[],
): Promise<void> {
  const events = await eventsOf(log, lesson);
  equal(events.length, rows.length + 1, "the number of events");
  for (const [i, { key, print, event }] of rows.entries()) {
    const { seq, at, ...found } = events[i + 1]!;
    equal({ seq, ...found }, { seq: i + 2, ...event }, `event ${i + 2}`);
    holds(Number.isSafeInteger(at) && at >= 0, `a time of event ${i + 2}`);
    equal(await log.find(lesson, key), { seq, print }, `what came with the key of event ${seq}`);
  }
}
