import type { NewLesson } from "../../shared/lesson/events/created.ts";
import type { NewEvent } from "../../shared/lesson/fold.ts";
import {
  eventOf,
  type Log,
  type NewRow,
  type Row,
  type Spend,
  type Stored,
  type Stretch,
  Unreadable,
} from "../../shared/lesson/log.ts";
import { type Begun, pageSize } from "../../shared/lesson/protocol.ts";
import {
  answerTo,
  type EventRecord,
  type LessonRecord,
  openDatabase,
  Store,
  whyNotStored,
} from "./database.ts";
import { random128, sha256 } from "./platform.ts";

/** Key of every lesson's first event. Keys that are chosen are longer. */
const createdKey = "created";
/** Events that are read at once, however small they are. */
const mostRows = 500;

/**
 * The log of every lesson of this browser, in IndexedDB; any number of tabs and workers may have it
 * open. What a promise from here has resolved to is on disk.
 *
 * Each event carries a hash of itself and of all events before it, and each lesson its last event's,
 * so that what is damaged, missing or replaced is found when it is read.
 */
export class IndexedDbLog implements Log {
  readonly epoch: string;
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase, epoch: string) {
    this.#database = database;
    this.epoch = epoch;
  }

  /** @param name of the database, which is made if it isn't there */
  static async open(name = "dagger-dojo"): Promise<IndexedDbLog> {
    const database = await openDatabase(name);
    const transaction = database.transaction(Store.meta, "readwrite");
    const meta = transaction.objectStore(Store.meta);
    const epoch = (await answerTo<string | undefined>(meta.get("epoch"))) ?? random128();
    await answerTo(meta.put(epoch, "epoch"));
    return new IndexedDbLog(database, epoch);
  }

  close(): void {
    this.#database.close();
  }

  async create(lesson: NewLesson): Promise<Begun> {
    const id = random128();
    const secret = random128();
    const created: NewEvent = { type: "created", ...lesson };
    const row = { key: createdKey, at: Date.now(), body: JSON.stringify(created) };
    const hash = await chained("", row);
    const hashed = await sha256(secret);
    await this.#write(async (store) => {
      store(Store.lessons).add({ id, secret: hashed, last: 1, hash } satisfies LessonRecord);
      const event: EventRecord = { lesson: id, seq: 1, ...row, print: null, hash };
      store(Store.events).add(event);
    });
    return { id, secret };
  }

  async isOwner(lesson: string, secret: string | undefined): Promise<boolean> {
    const kept = await this.#lesson(lesson);
    return kept !== undefined && secret !== undefined && (await sha256(secret)) === kept.secret;
  }

  async *stretches(lesson: string, since = 0, spend: Spend = () => {}): AsyncGenerator<Stretch> {
    const kept = since === 0 ? await this.#lesson(lesson) : undefined;
    for (let last = since, more = true; more; ) {
      const began = performance.now();
      const { records, ...stretch } = await this.#read(lesson, last, pageSize);
      for (const { seq, hash } of records)
        if (seq === kept?.last && hash !== kept.hash)
          throw unreadable("Events of this lesson have been replaced");
      yield stretch;
      spend(performance.now() - began);
      ({ last, more } = stretch);
      if (kept && !more && last < kept.last)
        throw unreadable(`The last ${kept.last - last} events of this lesson are missing`);
    }
  }

  async stretch(lesson: string, since: number, size: number): Promise<Stretch> {
    const { records: _, ...stretch } = await this.#read(lesson, since, size);
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
    { key, print, event, policy }: NewRow,
    spend: Spend = () => {},
  ): Promise<Stored | null> {
    const began = performance.now();
    const row = { key, at: Date.now(), body: JSON.stringify(event) };
    // A hash takes its time, which a transaction does not wait for.
    const before = await this.#lesson(lesson);
    if (before?.last !== seq - 1) {
      if (before && before.last >= seq && !(await this.#has(lesson, seq)))
        throw unreadable("The last events of this lesson are missing");
      return null;
    }
    const hash = await chained(before.hash, row);
    const isStored = await this.#write(async (store) => {
      const now = await answerTo<LessonRecord>(store(Store.lessons).get(lesson));
      const isTaken = await answerTo(store(Store.events).index("key").getKey([lesson, key]));
      if (now.last !== before.last || now.hash !== before.hash || isTaken) return false;
      store(Store.events).add({ lesson, seq, ...row, print, hash } satisfies EventRecord);
      store(Store.lessons).put({ ...now, last: seq, hash } satisfies LessonRecord);
      if (policy !== undefined) await keepPolicy(store(Store.policies), lesson, seq, policy);
      return true;
    });
    spend(performance.now() - began);
    // Parsed back, so that whoever works on with it has what a later reader of the log will have.
    return isStored ? { event: eventOf(row, seq), row } : null;
  }

  async policy(lesson: string, seq: number): Promise<string | undefined> {
    const policies = this.#database.transaction(Store.policies).objectStore(Store.policies);
    return answerTo<string | undefined>(policies.get([lesson, seq]));
  }

  /** All or nothing of what `write` asks for, and on disk. @throws NotStored */
  async #write<T>(write: (store: (name: Store) => IDBObjectStore) => Promise<T>): Promise<T> {
    try {
      const names = [Store.lessons, Store.events, Store.policies];
      const transaction = this.#database.transaction(names, "readwrite", { durability: "strict" });
      const complete = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error);
      });
      const [result] = await Promise.all([
        write((name) => transaction.objectStore(name)),
        complete,
      ]);
      return result;
    } catch (error) {
      throw whyNotStored(error);
    }
  }

  #lesson(id: string): Promise<LessonRecord | undefined> {
    return answerTo(this.#database.transaction(Store.lessons).objectStore(Store.lessons).get(id));
  }

  async #has(lesson: string, seq: number): Promise<boolean> {
    const events = this.#database.transaction(Store.events).objectStore(Store.events);
    return (await answerTo(events.getKey([lesson, seq]))) !== undefined;
  }

  /** A stretch of a lesson, with its records, each of which is as it was written. @throws Unreadable */
  async #read(lesson: string, since: number, size: number) {
    const events = this.#database.transaction(Store.events).objectStore(Store.events);
    // Asked for at once, and its answer listened for: it comes before those of the cursor.
    const previous = answerTo<EventRecord | undefined>(events.get([lesson, since]));
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
    const hashes = [since === 0 ? "" : (await previous)?.hash];
    for (const { hash } of records) hashes.push(hash);
    await Promise.all(
      records.map(async (record, i) => {
        const seq = since + 1 + i;
        if (record.seq !== seq) throw unreadable(`Event ${seq} of this lesson is missing`);
        if ((await chained(hashes[i], record)) !== record.hash)
          throw unreadable(`Event ${seq} of this lesson is damaged`);
      }),
    );
    const rows = records.map(({ key, at, body }): Row => ({ key, at, body }));
    return { records, rows, last: since + rows.length, more };
  }
}

/** The hash of a row and of all rows before it, which `before` is the hash of. */
function chained(before: string | undefined, { key, at, body }: Row): Promise<string> {
  return sha256(`${before} ${key} ${at} ${body}`);
}

/** Nobody asks for what came between the first and the last, and all can be computed again. */
async function keepPolicy(policies: IDBObjectStore, lesson: string, seq: number, json: string) {
  const all = IDBKeyRange.bound([lesson, 0], [lesson, seq], false, true);
  const [, ...between] = await answerTo(policies.getAllKeys(all));
  for (const key of between) policies.delete(key);
  policies.put(json, [lesson, seq]);
}

function unreadable(what: string): Unreadable {
  return new Unreadable(`${what}; it cannot be opened in this browser any more.`);
}
