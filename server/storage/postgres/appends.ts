import { CompiledQuery, type Kysely } from "kysely";
import {
  eventOf,
  type NewRow,
  type Row,
  type Spend,
  type Stored,
} from "../../../shared/lesson/log.ts";
import { now } from "../../time.ts";
import { checksum, extended, type Tail, tailOf } from "../chain.ts";
import type { Schema } from "../schema.ts";

/** Lessons that are written to by one statement, and characters of their events, unless one has more. */
const most = 256;
const mostText = 1 << 20;
/** Lessons whose end is remembered. */
const mostTails = 4096;

/** An event to append, and who waits for it. */
interface Append {
  readonly lesson: string;
  readonly seq: number;
  readonly row: Row;
  readonly print: string | null;
  readonly spend: Spend;
  /** Told what is stored; null where it could not be stored in this way, for whatever reason. */
  readonly resolve: (stored: Stored | null) => void;
}

/**
 * Appends events to many lessons at once. What a database in another process costs is its answers: two for all
 * lessons that are written to at a time, where one after the other would take five each, and one for those that
 * this process wrote to last.
 */
export class Appends {
  readonly #db: Kysely<Schema>;
  /** Ends of lessons as this process left them; whether they still are is for the statement to see. */
  readonly #left = new Map<string, Tail>();
  #waiting: Append[] = [];
  #isGoing = false;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  /** Resolves to null where the lesson does not end with the event before it, or the database fails. */
  append(
    lesson: string,
    seq: number,
    { key, print, event }: Omit<NewRow, "policy">,
    spend: Spend,
  ): Promise<Stored | null> {
    return new Promise((resolve) => {
      const row = { key, at: Date.now(), body: JSON.stringify(event) };
      this.#waiting.push({ lesson, seq, row, print, spend, resolve });
      if (this.#isGoing) return;
      this.#isGoing = true;
      setImmediate(() => void this.#goOn());
    });
  }

  /** What comes meanwhile is written together, by the next statement. */
  async #goOn(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#next();
      const stored = await this.#store(batch).catch(() => new Map<string, Stored>());
      for (const { lesson, resolve } of batch) resolve(stored.get(lesson) ?? null);
    }
    this.#isGoing = false;
  }

  /** At most one event of a lesson: where its second comes, its first must be there. */
  #next(): Append[] {
    const batch = new Map<string, Append>();
    const later: Append[] = [];
    let text = 0;
    for (const append of this.#waiting) {
      if (batch.has(append.lesson)) {
        later.push(append);
        continue;
      }
      text += append.row.body.length;
      // Nothing after it either, of which a part would be its lesson's.
      const isFull = batch.size > 0 && (batch.size === most || text > mostText);
      if (isFull) later.push(append);
      else batch.set(append.lesson, append);
    }
    this.#waiting = later;
    return [...batch.values()];
  }

  /** What was stored, by lesson. */
  async #store(batch: readonly Append[]): Promise<Map<string, Stored>> {
    const tails = await this.#tails(batch);
    const began = now();
    const next = batch.flatMap((append) => {
      const before = tails.get(append.lesson);
      return before && before.last === append.seq - 1
        ? [{ ...append, before, after: extended(before, append.row) }]
        : [];
    });
    if (next.length === 0) return new Map();
    const column = <Value>(of: (append: (typeof next)[number]) => Value) => next.map(of);
    const query = CompiledQuery.raw(insert, [
      column(({ lesson }) => lesson),
      column(({ seq }) => seq),
      column(({ row }) => row.key),
      column(({ row }) => row.at),
      column(({ row }) => row.body),
      column(({ row }) => checksum(row)),
      column(({ print }) => print),
      column(({ before }) => before.hash),
      column(({ after }) => after.hash),
    ]);
    const asking = this.#db.executeQuery<{ lesson: string }>(query);
    let ms = now() - began;
    const { rows } = await asking;
    const done = now();
    const added = new Set(rows.map(({ lesson }) => lesson));
    const stored = new Map(
      next.flatMap(({ lesson, seq, row }) =>
        added.has(lesson) ? [[lesson, { event: eventOf(row, seq), row }]] : [],
      ),
    );
    for (const { lesson, after } of next) if (added.has(lesson)) this.#leave(lesson, after);
    ms += now() - done;
    for (const { spend } of batch) spend(ms / batch.length);
    return stored;
  }

  /** Ends of these lessons, which are forgotten here until they are written to. */
  async #tails(batch: readonly Append[]): Promise<Map<string, Tail>> {
    const tails = new Map<string, Tail>();
    const unknown: string[] = [];
    for (const { lesson, seq } of batch) {
      const tail = this.#left.get(lesson);
      this.#left.delete(lesson);
      if (tail?.last === seq - 1) tails.set(lesson, tail);
      else unknown.push(lesson);
    }
    if (unknown.length === 0) return tails;
    const { rows } = await this.#db.executeQuery<Tail & { id: string }>(
      CompiledQuery.raw("select id, last, hash from lessons where id = any($1::text[])", [unknown]),
    );
    for (const { id, ...tail } of rows) tails.set(id, tailOf(tail));
    return tails;
  }

  #leave(lesson: string, tail: Tail): void {
    this.#left.set(lesson, tail);
    if (this.#left.size > mostTails) this.#left.delete(this.#left.keys().next().value!);
  }
}

/**
 * An event for each of these lessons, unless somebody has written to it since its end was read, is writing to it, or
 * has its key; and the new end of those that got one. A statement by itself is done as a whole or not at all.
 */
const insert = `
with input as (
  select * from unnest($1::text[], $2::int[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[])
    as input (lesson, seq, key, at, body, crc, print, hash_before, hash)
), held as (
  select lessons.id from lessons join input on lessons.id = input.lesson
  where lessons.last = input.seq - 1 and lessons.hash = input.hash_before
  order by lessons.id for update of lessons skip locked
), added as (
  insert into events (lesson, seq, key, at, body, crc, print)
  select lesson, seq, key, at, body, crc, print from input join held on held.id = input.lesson
  on conflict do nothing returning lesson, seq
), kept as (
  update lessons set last = input.seq, hash = input.hash
  from input join added on added.lesson = input.lesson where lessons.id = input.lesson
)
select lesson from added`;
