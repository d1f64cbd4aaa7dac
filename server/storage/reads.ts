import { setTimeout as wait } from "node:timers/promises";
import type { CompiledQuery, Kysely } from "kysely";
import { eventOf, mostRows, type Stretch } from "../../shared/lesson/log.ts";
import { checksum } from "./chain.ts";
import { type FaultOf, unreadable } from "./faults.ts";
import type { Queries } from "./queries.ts";
import type { Schema } from "./schema.ts";
import { Turns } from "./turns.ts";
import { patience, pause } from "./writes.ts";

/** What is read of lessons. */
export class Reads {
  readonly #db: Kysely<Schema>;
  readonly #queries: Queries;
  readonly #faultOf: FaultOf;
  readonly #turns = new Turns();

  constructor(db: Kysely<Schema>, queries: Queries, faultOf: FaultOf) {
    this.#db = db;
    this.#queries = queries;
    this.#faultOf = faultOf;
  }

  /** Of all lessons that are being read to their end, one stretch is read in a turn of the event loop. */
  turn(): Promise<void> {
    return this.#turns.next();
  }

  /** See `Log.stretch`. */
  async stretch(lesson: string, since: number, size: number): Promise<Stretch> {
    const { sizesAfter, eventsBetween } = this.#queries;
    const sizes = await this.rows(sizesAfter({ lesson, seq: since }));
    let [n, sum] = [0, 0];
    while (n < Math.min(sizes.length, mostRows) && sum < size) sum += sizes[n++]!.size;
    const until = sizes[n - 1]?.seq ?? since;
    const found = await this.rows(eventsBetween({ lesson, seq: since, until }));
    const rows = found.map(({ seq, crc, ...row }, i) => {
      if (seq !== since + 1 + i)
        throw unreadable(`Event ${since + 1 + i} of this lesson is missing`);
      if (crc === null) eventOf(row, seq);
      else if (crc !== checksum(row)) throw unreadable(`Event ${seq} of this lesson is damaged`);
      return row;
    });
    return { rows, last: since + rows.length, more: sizes.length > n };
  }

  /** The rows that a query gives. @throws Unreadable where they are damaged */
  async rows<R>(query: CompiledQuery<R>): Promise<R[]> {
    for (const until = performance.now() + patience; ; await wait(pause)) {
      try {
        const { rows } = await this.#db.executeQuery(query);
        return rows;
      } catch (error) {
        const fault = this.#faultOf(error);
        if (fault === "damaged") throw unreadable("Part of this lesson cannot be read", error);
        if (fault !== "busy" || performance.now() >= until) throw error;
      }
    }
  }
}
