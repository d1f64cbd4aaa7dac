import type { NewLesson } from "../../shared/lesson/events/created.ts";
import { bodyOf } from "../../shared/lesson/file.ts";
import type { LessonEvent, NewEvent } from "../../shared/lesson/fold.ts";
import {
  createdKey,
  eventOf,
  eventsIn,
  type Log,
  mostRows,
  type NewRow,
  type Row,
  type Spend,
  type Stored,
  type Stretch,
  Unreadable,
} from "../../shared/lesson/log.ts";
import { type Begun, pageSize } from "../../shared/lesson/protocol.ts";
import { random128, sha256 } from "../browser/platform.ts";
import {
  answerTo,
  type EventRecord,
  type LessonRecord,
  openDatabase,
  Store,
  type Write,
  written,
} from "./database.ts";
import { keepPolicy } from "./keepPolicy.ts";

/** Characters that are written to see whether there is room. */
const largestTrial = 200_000;

/**
 * The log of every lesson of this browser, in IndexedDB; any number of tabs and workers may have it
 * open. What a promise from here has resolved to is on disk.
 *
 * Each event has a hash, which shows that it is damaged, and each lesson has one of all its events,
 * which shows that some at the end are missing, or were replaced by others.
 */
export class IndexedDbLog implements Log {
  readonly epoch: string;
  readonly #database: IDBDatabase;
  /** Settles once all that was to be appended so far is. */
  #lastAppend: Promise<unknown> = Promise.resolve();

  private constructor(database: IDBDatabase, epoch: string) {
    this.#database = database;
    this.epoch = epoch;
  }

  /**
   * @param name of the database, which is made if it isn't there
   * @throws NotStored where the browser has none, or no room for one
   */
  static async open(name = "dagger-dojo"): Promise<IndexedDbLog> {
    const database = await openDatabase(name);
    const known = database.transaction(Store.meta).objectStore(Store.meta).get("epoch");
    const epoch = await answerTo<string | undefined>(known);
    if (epoch !== undefined) return new IndexedDbLog(database, epoch);
    return new IndexedDbLog(
      database,
      await written(database, [Store.meta], async (store) => {
        // Another tab may have been faster.
        const now = await answerTo<string | undefined>(store(Store.meta).get("epoch"));
        const epoch = now ?? random128();
        store(Store.meta).put(epoch, "epoch");
        return epoch;
      }),
    );
  }

  /** Writes as much as a long demonstration takes, and deletes it again. @throws NotStored where there is no room */
  async tryOut(): Promise<void> {
    await written(this.#database, [Store.meta], async (store) => {
      store(Store.meta).put("-".repeat(largestTrial), "trial");
    });
    await written(this.#database, [Store.meta], async (store) => {
      store(Store.meta).delete("trial");
    });
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  async create(lesson: NewLesson): Promise<Begun> {
    const id = random128();
    const secret = random128();
    const created: NewEvent = { type: "created", ...lesson };
    const row = { key: createdKey, at: Date.now(), body: JSON.stringify(created) };
    const hash = await hashOf(row);
    const all = await chained("", hash);
    const hashed = await sha256(secret);
    await this.#write(async (store) => {
      store(Store.lessons).add({ id, secret: hashed, last: 1, hash: all } satisfies LessonRecord);
      const event: EventRecord = { lesson: id, seq: 1, ...row, print: null, hash };
      store(Store.events).add(event);
    });
    return { id, secret };
  }

  /**
   * Makes these the events of a lesson, unless there is one that has just these; resolves to its address.
   * @param events a whole lesson's, as they were read
   * @throws NotStored
   */
  async adopt(events: readonly LessonEvent[]): Promise<string> {
    const same = await this.#lessonOf(events);
    if (same !== null) return same;
    const id = random128();
    const records: EventRecord[] = [];
    let all = "";
    for (const event of events) {
      const { seq, at } = event;
      const key = seq === 1 ? createdKey : `from-file-${seq}`;
      const row = { key, at, body: bodyOf(event) };
      const hash = await hashOf(row);
      all = await chained(all, hash);
      records.push({ lesson: id, seq, ...row, print: null, hash });
    }
    // Nobody has it, as nobody is asked for it here.
    const secret = await sha256(random128());
    await this.#write(async (store) => {
      const lesson: LessonRecord = { id, secret, last: records.length, hash: all };
      store(Store.lessons).add(lesson);
      for (const record of records) store(Store.events).add(record);
    });
    return id;
  }

  async isOwner(lesson: string, secret: string | undefined): Promise<boolean> {
    const kept = await this.#lesson(lesson);
    return kept !== undefined && secret !== undefined && (await sha256(secret)) === kept.secret;
  }

  async *stretches(lesson: string, since = 0, spend: Spend = () => {}): AsyncGenerator<Stretch> {
    const kept = since === 0 ? await this.#lesson(lesson) : undefined;
    let all = "";
    for (let last = since, more = true; more; ) {
      const began = performance.now();
      const { hashes, ...stretch } = await this.#read(lesson, last, pageSize);
      if (kept)
        for (const [i, hash] of hashes.entries()) {
          all = await chained(all, hash);
          if (last + 1 + i === kept.last && all !== kept.hash)
            throw unreadable("Events of this lesson have been replaced");
        }
      yield stretch;
      spend(performance.now() - began);
      ({ last, more } = stretch);
      if (kept && !more && last < kept.last)
        throw unreadable(`The last ${kept.last - last} events of this lesson are missing`);
    }
  }

  async stretch(lesson: string, since: number, size: number): Promise<Stretch> {
    const { hashes: _, ...stretch } = await this.#read(lesson, since, size);
    return stretch;
  }

  async find(lesson: string, key: string) {
    const keys = this.#database.transaction(Store.events).objectStore(Store.events).index("key");
    const found = await answerTo<EventRecord | undefined>(keys.get([lesson, key]));
    return found && { seq: found.seq, print: found.print };
  }

  async append(
    lesson: string,
    seq: number,
    row: NewRow,
    spend: Spend = () => {},
  ): Promise<Stored | null> {
    // In the order in which they were asked for, as others may follow from those before.
    const appended = this.#lastAppend.then(() => this.#append(lesson, seq, row, spend));
    this.#lastAppend = appended.catch(() => {});
    return appended;
  }

  async policy(lesson: string, seq: number): Promise<string | undefined> {
    const policies = this.#database.transaction(Store.policies).objectStore(Store.policies);
    return answerTo<string | undefined>(policies.get([lesson, seq]));
  }

  async keepPolicy(lesson: string, seq: number, json: string, spend: Spend = () => {}) {
    const began = performance.now();
    await this.#write((store) => keepPolicy(store(Store.policies), lesson, seq, json));
    spend(performance.now() - began);
  }

  async #append(
    lesson: string,
    seq: number,
    { key, print, event, policy }: NewRow,
    spend: Spend,
  ): Promise<Stored | null> {
    const began = performance.now();
    const row = { key, at: Date.now(), body: JSON.stringify(event) };
    // What could not be read again is not written.
    const stored = eventOf(row, seq);
    // Hashes take their time, which a transaction does not wait for.
    const before = await this.#lesson(lesson);
    const hash = await hashOf(row);
    const all = await chained(before?.hash ?? "", hash);
    const isStored = await this.#write(async (store) => {
      const [lessons, events] = [store(Store.lessons), store(Store.events)];
      const { last = 0 } = (await answerTo<LessonRecord | undefined>(lessons.get(lesson))) ?? {};
      if (await isThere(events, [lesson, seq])) return false;
      if (last !== seq - 1) throw unreadable("The last events of this lesson are missing");
      if (last !== before?.last || (await isThere(events.index("key"), [lesson, key])))
        return false;
      events.add({ lesson, seq, ...row, print, hash } satisfies EventRecord);
      lessons.put({ ...before, last: seq, hash: all } satisfies LessonRecord);
      if (policy !== undefined) await keepPolicy(store(Store.policies), lesson, seq, policy);
      return true;
    });
    spend(performance.now() - began);
    return isStored ? { event: stored, row } : null;
  }

  #write<T>(write: Write<T>): Promise<T> {
    return written(this.#database, [Store.lessons, Store.events, Store.policies], write);
  }

  /** The address of the lesson that has just these events; null where there is none. */
  async #lessonOf(events: readonly LessonEvent[]): Promise<string | null> {
    const lessons = this.#database.transaction(Store.lessons).objectStore(Store.lessons);
    for (const { id, last } of await answerTo<LessonRecord[]>(lessons.getAll()))
      if (last === events.length && (await this.#has(id, events))) return id;
    return null;
  }

  async #has(lesson: string, events: readonly LessonEvent[]): Promise<boolean> {
    const isSame = (event: LessonEvent) => {
      const other = events[event.seq - 1]!;
      return event.at === other.at && bodyOf(event) === bodyOf(other);
    };
    try {
      for await (const { rows, last } of this.stretches(lesson))
        if (!eventsIn(rows, last).every(isSame)) return false;
      return true;
    } catch (error) {
      if (error instanceof Unreadable) return false;
      throw error;
    }
  }

  #lesson(id: string): Promise<LessonRecord | undefined> {
    return answerTo(this.#database.transaction(Store.lessons).objectStore(Store.lessons).get(id));
  }

  /** A stretch of a lesson, with its events' hashes. @throws Unreadable */
  async #read(lesson: string, since: number, size: number) {
    const events = this.#database.transaction(Store.events).objectStore(Store.events);
    const records: EventRecord[] = [];
    let more = false;
    let sum = 0;
    const range = IDBKeyRange.bound([lesson, since], [lesson, Number.POSITIVE_INFINITY], true);
    const cursors = events.openCursor(range);
    for (;;) {
      const cursor = await answerTo(cursors);
      more = cursor !== null && records.length > 0 && (sum >= size || records.length >= mostRows);
      if (!cursor || more) break;
      const record: EventRecord = cursor.value;
      records.push(record);
      sum += record.body.length;
      cursor.continue();
    }
    await Promise.all(
      records.map(async (record, i) => {
        const seq = since + 1 + i;
        if (record.seq !== seq) throw unreadable(`Event ${seq} of this lesson is missing`);
        if ((await hashOf(record)) !== record.hash)
          throw unreadable(`Event ${seq} of this lesson is damaged`);
      }),
    );
    const hashes = records.map(({ hash }) => hash);
    const rows = records.map(({ key, at, body }): Row => ({ key, at, body }));
    return { hashes, rows, last: since + rows.length, more };
  }
}

/** SHA-256, hex, of a row. */
export function hashOf({ key, at, body }: Row): Promise<string> {
  return sha256(`${key} ${at} ${body}`);
}

/** The hash of all of a lesson's events. @param before of those before the last; empty where there are none */
function chained(before: string, last: string): Promise<string> {
  return sha256(`${before} ${last}`);
}

async function isThere(store: IDBObjectStore | IDBIndex, key: IDBValidKey): Promise<boolean> {
  return (await answerTo(store.getKey(key))) !== undefined;
}

function unreadable(what: string): Unreadable {
  return new Unreadable(`${what}; this browser cannot open the lesson any more.`);
}
