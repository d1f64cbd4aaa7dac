import { timingSafeEqual } from "node:crypto";
import type { Kysely } from "kysely";
import type { PlannedLesson } from "../../shared/lesson/events/created.ts";
import type { LessonEvent, NewEvent } from "../../shared/lesson/fold.ts";
import {
  createdKey,
  eventOf,
  eventsIn,
  type Log,
  type NewRow,
  NotStored,
  type Spend,
  type Stored,
  type Stretch,
  Unreadable,
} from "../../shared/lesson/log.ts";
import { type Begun, pageSize } from "../../shared/lesson/protocol.ts";
import { random128 } from "../random128.ts";
import { sha256 } from "../sha256.ts";
import { now } from "../time.ts";
import { checksum, emptyTail, extended, type Tail, tailOf } from "./chain.ts";
import { ClassLog } from "./classLog.ts";
import { type FaultOf, unreadable } from "./faults.ts";
import { type Queries, queriesOf, wasBegun } from "./queries.ts";
import { Reads } from "./reads.ts";
import type { Schema } from "./schema.ts";
import { StudyLog } from "./studyLog.ts";
import { type Run, type Statements, Writes } from "./writes.ts";

/** The log of every lesson in a database that speaks SQL. */
export abstract class SqlLog implements Log {
  readonly epoch: string;
  readonly studies: StudyLog;
  readonly classes: ClassLog;
  readonly #db: Kysely<Schema>;
  readonly #queries: Queries;
  readonly #reads: Reads;
  readonly #writes: Writes;
  #checked: { readonly at: number; readonly result: Promise<void> } | null = null;

  /** @param begin how a transaction begins that sees nothing that others write after it */
  protected constructor(db: Kysely<Schema>, epoch: string, faultOf: FaultOf, begin: string) {
    this.epoch = epoch;
    this.#db = db;
    this.#queries = queriesOf(db);
    this.#reads = new Reads(db, this.#queries, faultOf);
    this.#writes = new Writes(db, faultOf, begin);
    this.studies = new StudyLog(db, this.#reads, this.#writes);
    this.classes = new ClassLog(db, this.#reads, this.#writes);
  }

  /** @param begun its address and its secret; where there is a lesson at the address already, nothing is done */
  async create(
    lesson: PlannedLesson,
    begun: Begun = { id: random128(), secret: random128() },
  ): Promise<Begun> {
    await this.#begin(lesson, begun, async () => true);
    return begun;
  }

  /** The same for a pupil's of a class. False, and nothing is done, where the class was deleted. @throws NotStored */
  createInClass(id: string, lesson: PlannedLesson, begun: Begun): Promise<boolean> {
    return this.#begin(lesson, begun, (run) => this.classes.isKept(run, id));
  }

  /** @param mayBegin asked in the same transaction */
  async #begin(
    lesson: PlannedLesson,
    { id, secret }: Begun,
    mayBegin: (run: Run) => Promise<boolean>,
  ): Promise<boolean> {
    const created: NewEvent = { type: "created", ...lesson };
    const row = { key: createdKey, at: Date.now(), body: JSON.stringify(created) };
    const tail = extended(emptyTail, row);
    // Of 128 random bits there is nothing to guess, so a plain hash is as good as a slow one.
    const hashed = sha256(secret).toString("hex");
    const writing = this.#write(async (run) => {
      const { tail: known, addLesson, addEvent } = this.#queries;
      if ((await run(known({ lesson: id }))).rows.length > 0) return true;
      if (!(await mayBegin(run))) return false;
      await run(addLesson({ id, created: row.at, secret: hashed, ...tail }));
      const crc = checksum(row);
      await run(addEvent({ lesson: id, seq: tail.last, ...row, crc, print: null }));
      return true;
    });
    return writing.catch(async (error) => {
      if (!(await wasBegun(this.#db, id))) throw error;
      return true;
    });
  }

  async isOwner(lesson: string, secret: string | undefined): Promise<boolean> {
    const [row] = await this.#reads.rows(this.#queries.secret({ lesson }));
    if (!row) return false;
    if (row.secret === null) return true;
    if (secret === undefined) return false;
    return timingSafeEqual(sha256(secret), Buffer.from(row.secret, "hex"));
  }

  /**
   * A long lesson takes a while to read, so others get in between two stretches, and of all that are
   * being read one stretch is read in a turn of the event loop.
   * @param isDue resolves when the next stretch may be read
   */
  async *stretches(
    lesson: string,
    since = 0,
    spend: Spend = () => {},
    isDue = async () => {},
  ): AsyncGenerator<Stretch> {
    const kept = since === 0 ? await this.#tail(lesson) : null;
    let tail = emptyTail;
    for (let last = since, more = true; more; ) {
      await isDue();
      await this.#reads.turn();
      const began = now();
      const stretch = await this.stretch(lesson, last, pageSize);
      if (kept) {
        for (const row of stretch.rows) {
          tail = extended(tail, row);
          if (tail.last === kept.last && tail.hash !== kept.hash)
            throw unreadable("Events of this lesson have been replaced");
        }
      }
      yield stretch;
      spend(now() - began);
      last = stretch.last;
      more = stretch.more;
    }
    if (!kept) return;
    if (tail.last < kept.last)
      throw unreadable(`The last ${kept.last - tail.last} events of this lesson are missing`);
    // A version of before tails were kept has written to it. A full disk is no reason not to read.
    if (tail.last > kept.last)
      await this.#keepTail(lesson, tail, spend).catch((error) => {
        if (!(error instanceof NotStored)) throw error;
      });
  }

  /** All events of a lesson after number `since`, in order. @throws Unreadable see {@link stretches} */
  async events(lesson: string, since = 0): Promise<LessonEvent[]> {
    const all: LessonEvent[] = [];
    for await (const { rows, last } of this.stretches(lesson, since))
      all.push(...eventsIn(rows, last));
    return all;
  }

  stretch(lesson: string, since: number, size: number): Promise<Stretch> {
    return this.#reads.stretch(lesson, since, size);
  }

  async find(
    lesson: string,
    key: string,
  ): Promise<{ readonly seq: number; readonly print: string | null } | undefined> {
    const [row] = await this.#reads.rows(this.#queries.eventOfKey({ lesson, key }));
    return row;
  }

  async append(
    lesson: string,
    seq: number,
    { key, print, event, policy }: NewRow,
    spend: Spend = () => {},
  ): Promise<Stored | null> {
    const row = { key, at: Date.now(), body: JSON.stringify(event) };
    const { tail, addEvent, keepTail, addPolicy, forgetPolicies } = this.#queries;
    for (;;) {
      const stored = await this.#write(async (run) => {
        const before = tailOf((await run(tail({ lesson }))).rows[0]);
        if (before.last < seq - 1) return behind;
        const added = await run(addEvent({ lesson, seq, ...row, crc: checksum(row), print }));
        if (!added.numAffectedRows) return null;
        if (before.last >= seq) throw unreadable("The last events of this lesson are missing");
        await run(keepTail({ lesson, ...extended(before, row) }));
        if (policy !== undefined) {
          await run(addPolicy({ lesson, seq, json: policy }));
          await run(forgetPolicies({ lesson, seq }));
        }
        // Parsed back, so that whoever works on with it has what a later reader of the log will have.
        return { event: eventOf(row, seq), row };
      }, spend);
      if (stored !== behind) return stored;
      await this.#catchUp(lesson, seq - 1, spend);
    }
  }

  async policy(lesson: string, seq: number): Promise<string | undefined> {
    try {
      const [row] = await this.#reads.rows(this.#queries.policy({ lesson, seq }));
      return row?.json;
    } catch (error) {
      if (error instanceof Unreadable) return undefined;
      throw error;
    }
  }

  async keepPolicy(lesson: string, seq: number, json: string, spend?: Spend): Promise<void> {
    const { tail, addPolicy, forgetPolicies } = this.#queries;
    await this.#write(async (run) => {
      // Of a lesson that was deleted while somebody had it open, nothing is kept.
      if ((await run(tail({ lesson }))).rows.length === 0) return;
      await run(addPolicy({ lesson, seq, json }));
      await run(forgetPolicies({ lesson, seq }));
    }, spend);
  }

  /**
   * Resolves where a small write has reached the disk within the last second: others who ask within it
   * get the same answer, so that asking costs nothing.
   * @throws NotStored where the disk does not take it
   */
  check(): Promise<void> {
    const interval = 1000; // ms
    const at = performance.now();
    if (!this.#checked || at - this.#checked.at >= interval)
      this.#checked = { at, result: this.writeCheck() };
    return this.#checked.result;
  }

  /** Leaves the database to others. What a promise from here has resolved to is in it. */
  abstract close(): Promise<void>;

  /** Writes something small. @throws NotStored */
  protected async writeCheck(): Promise<void> {
    await this.#write((run) => run(this.#queries.check({ at: Date.now() })));
  }

  /** What was kept of a lesson's end; the beginning where nothing was. */
  async #tail(lesson: string): Promise<Tail> {
    const [kept] = await this.#reads.rows(this.#queries.tail({ lesson }));
    return tailOf(kept);
  }

  /** Keeps the tail that was found, unless somebody has written since; false where there is no lesson. */
  #keepTail(lesson: string, found: Tail, spend: Spend): Promise<boolean> {
    const { tail, keepTail } = this.#queries;
    return this.#write(async (run) => {
      const [kept] = (await run(tail({ lesson }))).rows;
      if (tailOf(kept).last < found.last) await run(keepTail({ lesson, ...found }));
      return kept !== undefined;
    }, spend);
  }

  /**
   * Brings the tail of a lesson up to its last event: a version of before tails were kept has written
   * to it, or a full disk has refused the tail.
   * @throws Unreadable where there is no event number `last`
   */
  async #catchUp(lesson: string, last: number, spend: Spend): Promise<void> {
    let tail = await this.#tail(lesson);
    for (let more = true; more; ) {
      await this.#reads.turn();
      const began = now();
      const stretch = await this.stretch(lesson, tail.last, pageSize);
      tail = stretch.rows.reduce(extended, tail);
      more = stretch.more;
      spend(now() - began);
    }
    if (tail.last < last) throw unreadable("The last events of this lesson are missing");
    const isKept = await this.#keepTail(lesson, tail, spend);
    if (!isKept) throw unreadable("The beginning of this lesson is missing");
  }

  #write<T>(statements: Statements<T>, spend?: Spend): Promise<T> {
    return this.#writes.write(statements, spend);
  }
}

/** Said of a lesson whose tail is not that of its last event. */
const behind = Symbol("behind");
