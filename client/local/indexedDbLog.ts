import type { NewLesson } from "../../shared/lesson/events/created.ts";
import type { NewEvent } from "../../shared/lesson/fold.ts";
import {
  createdKey,
  eventOf,
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
  whyNotStored,
} from "./database.ts";

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

  /** @param name of the database, which is made if it isn't there */
  static async open(name = "dagger-dojo"): Promise<IndexedDbLog> {
    const database = await openDatabase(name);
    const transaction = database.transaction(Store.meta, "readwrite");
    const meta = transaction.objectStore(Store.meta);
    const epoch = (await answerTo<string | undefined>(meta.get("epoch"))) ?? random128();
    await answerTo(meta.put(epoch, "epoch"));
    return new IndexedDbLog(database, epoch);
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
