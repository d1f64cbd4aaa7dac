import { randomBytes, timingSafeEqual } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { Kysely, Migrator, sql } from "kysely";
import type Database from "libsql";
import type { LessonEvent, NewEvent } from "../shared/lesson.ts";
import { type Begun, type NewLesson, pageSize } from "../shared/protocol.ts";
import {
  Code,
  closeDatabase,
  Dialect,
  fileName,
  isDamage,
  isError,
  openDatabase,
  whyNotOpened,
} from "./database.ts";
import { migrations, type Schema } from "./migrations.ts";
import { sha256 } from "./sha256.ts";

/** Key of every lesson's first event. Keys that clients choose are longer. */
const createdKey = "created";

/** What could not be written, with why in words for whoever asked for it; nothing of it is stored. */
export class NotStored extends Error {}

/** What is stored and cannot be read, in words for whoever asked for it; it is left as it is. */
export class Unreadable extends Error {}

/**
 * The log of every lesson, and the only place where anything is kept. What a promise from here has
 * resolved to is on disk, and outlives the process and the machine's power.
 */
export class Log {
  readonly #database: Database.Database;
  readonly #db: Kysely<Schema>;
  readonly #file: string;
  /** Which file it is on its disk, whatever its name. */
  readonly #inode: bigint;
  readonly #insert: ReturnType<typeof insertions>;
  #writes: Write[] = [];
  #checked: { readonly at: number; readonly result: Promise<void> } | null = null;

  private constructor(database: Database.Database, db: Kysely<Schema>, file: string) {
    this.#database = database;
    this.#db = db;
    this.#file = file;
    this.#inode = inode(file)!;
    this.#insert = insertions(database);
  }

  /**
   * Opens the log in `folder`, which is made if it isn't there, and brings its tables up to date.
   * @throws Error where the folder cannot be written or holds something else
   */
  static async open(folder: string): Promise<Log> {
    const database = openDatabase(folder);
    const db = new Kysely<Schema>({ dialect: new Dialect(database) });
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
    try {
      // All of it or nothing, and one server at a time: Kysely itself locks no SQLite database.
      database.exec("begin immediate");
      const { error } = await migrator.migrateToLatest();
      if (error) throw error;
      database.exec("commit");
    } catch (error) {
      if (database.inTransaction) database.exec("rollback");
      closeDatabase(database);
      throw whyNotOpened(error);
    }
    return new Log(database, db, join(folder, fileName));
  }

  /**
   * Begins a lesson and returns its address, and the secret, which is kept nowhere here.
   * @throws NotStored where the disk does not take it
   */
  async create(lesson: NewLesson): Promise<Begun> {
    const id = random128();
    const secret = random128();
    const at = Date.now();
    const created: NewEvent = { type: "created", ...lesson };
    await this.#write(() => {
      // Of 128 random bits there is nothing to guess, so a plain hash is as good as a slow one.
      this.#insert.lesson.run(id, at, sha256(secret).toString("hex"));
      this.#insert.event(id, 1, createdKey, at, JSON.stringify(created));
    });
    return { id, secret };
  }

  /** Whether `secret` is the one that the lesson was begun with; lessons of before secrets take any. */
  async isOwner(lesson: string, secret: string | undefined): Promise<boolean> {
    const row = await this.#read((db) =>
      db.selectFrom("lessons").select("secret").where("id", "=", lesson).executeTakeFirst(),
    );
    if (!row) return false;
    if (row.secret === null) return true;
    if (secret === undefined) return false;
    return timingSafeEqual(sha256(secret), Buffer.from(row.secret, "hex"));
  }

  /**
   * All events of a lesson after number `since`, in order; none where there is no such lesson.
   * @throws Unreadable where one of them is damaged or missing
   */
  async events(lesson: string, since = 0): Promise<LessonEvent[]> {
    const all: LessonEvent[] = [];
    for (let more = true; more; ) {
      const page = await this.page(lesson, all.at(-1)?.seq ?? since, pageSize);
      all.push(...page.events);
      more = page.more;
      // A long lesson takes a while to read, and others wait.
      if (more) await nextTurn();
    }
    return all;
  }

  /**
   * The first of a lesson's events after number `since`: one at least, if any, and about `size` bytes.
   * @throws Unreadable where one of them is damaged or missing
   */
  async page(
    lesson: string,
    since: number,
    size: number,
  ): Promise<{ events: LessonEvent[]; more: boolean }> {
    const most = 1000;
    const rows = await this.#read((db) =>
      db
        .selectFrom("events")
        .select(["seq", "key", "at", "body", "crc"])
        .select(sql<number>`sum(length(body)) over (order by seq) - length(body)`.as("before"))
        .where("lesson", "=", lesson)
        .where("seq", ">", since)
        .orderBy("seq")
        .limit(most)
        .execute(),
    );
    const within = rows.filter(({ before }) => before < size);
    const events = within.map((row, i) => {
      const expected = since + 1 + i;
      if (row.seq !== expected) throw unreadable(`Event ${expected} of this lesson is missing`);
      return parsed(row);
    });
    return { events, more: within.length < rows.length || rows.length === most };
  }

  /** Bytes of all events of a lesson. */
  async size(lesson: string): Promise<number> {
    const { size } = await this.#read((db) =>
      db
        .selectFrom("events")
        .select(sql<number>`coalesce(sum(length(body)), 0)`.as("size"))
        .where("lesson", "=", lesson)
        .executeTakeFirstOrThrow(),
    );
    return size;
  }

  /** The number of the event that came with `key`, if there is one. */
  async find(lesson: string, key: string): Promise<number | undefined> {
    const row = await this.#read((db) =>
      db
        .selectFrom("events")
        .select("seq")
        .where("lesson", "=", lesson)
        .where("key", "=", key)
        .executeTakeFirst(),
    );
    return row?.seq;
  }

  /**
   * Adds event number `seq` to a lesson, with the parameters of the policy that it brought about,
   * if any. Resolves to the event as it is now on disk, or to null where the place or the key is
   * taken: someone else wrote first, and one has to look again.
   * @throws NotStored where the disk does not take it; once it does, one can go on
   */
  async append(
    lesson: string,
    seq: number,
    key: string,
    event: NewEvent,
    policy?: string,
  ): Promise<LessonEvent | null> {
    const at = Date.now();
    const body = JSON.stringify(event);
    return this.#write(() => {
      const { changes } = this.#insert.event(lesson, seq, key, at, body);
      if (changes === 0) return null;
      if (policy !== undefined) {
        this.#insert.policy.run(lesson, seq, policy);
        this.#insert.forget.run(lesson, lesson, seq);
      }
      // Parsed back, so that whoever works on with it has what a later reader of the log will have.
      return { seq, at, ...JSON.parse(body) };
    });
  }

  /**
   * The parameters, as JSON, of the policy that event `seq` brought about; undefined where they are
   * not kept, or damaged, since they can be computed again.
   */
  async policy(lesson: string, seq: number): Promise<string | undefined> {
    try {
      const row = await this.#db
        .selectFrom("policies")
        .select("json")
        .where("lesson", "=", lesson)
        .where("seq", "=", seq)
        .executeTakeFirst();
      return row?.json;
    } catch (error) {
      if (isDamage(error)) return undefined;
      throw error;
    }
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
      this.#checked = { at, result: this.#writeCheck() };
    return this.#checked.result;
  }

  async close(): Promise<void> {
    closeDatabase(this.#database);
  }

  async #writeCheck(): Promise<void> {
    // SQLite goes on writing to a file that has lost its name, and nobody would find it again.
    if (inode(this.#file) !== this.#inode)
      throw new NotStored("The server's database was moved or deleted; restart the server.");
    await this.#write(() => {
      this.#insert.check.run(Date.now());
    });
  }

  /**
   * Does `write`, whose statements are all or none, together with whatever else is to be written in
   * this turn of the event loop: the disk takes as long over one commit as over another.
   */
  #write<T>(write: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#writes.length === 0) setImmediate(() => this.#commit(this.#writes.splice(0)));
      this.#writes.push({ write, resolve: resolve as (result: unknown) => void, reject });
    });
  }

  #commit(writes: readonly Write[]): void {
    const database = this.#database;
    try {
      database.exec("begin immediate");
      const results = writes.map(({ write }) => write());
      database.exec("commit");
      for (const [i, { resolve }] of writes.entries()) resolve(results[i]);
    } catch (error) {
      // What could not be written SQLite has mostly rolled back by itself.
      if (database.inTransaction) database.exec("rollback");
      // One that fails takes no other with it.
      if (writes.length > 1) for (const write of writes) this.#commit([write]);
      else writes[0]!.reject(whyNotStored(error));
    }
  }

  async #read<T>(read: (db: Kysely<Schema>) => Promise<T>): Promise<T> {
    try {
      return await read(this.#db);
    } catch (error) {
      if (isDamage(error)) throw unreadable("Part of this lesson cannot be read", error);
      throw error;
    }
  }
}

/** Something to write, and who waits for it to be on disk. */
interface Write {
  readonly write: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (why: unknown) => void;
}

/** The statements that write, ready to run: a request waits for little else. */
function insertions(database: Database.Database) {
  const event = database.prepare(
    "insert into events (lesson, seq, key, at, body, crc) values (?, ?, ?, ?, ?, ?) on conflict do nothing",
  );
  return {
    lesson: database.prepare("insert into lessons (id, created, secret) values (?, ?, ?)"),
    event: (lesson: string, seq: number, key: string, at: number, body: string) =>
      event.run(lesson, seq, key, at, body, checksum(key, at, body)),
    policy: database.prepare("insert into policies (lesson, seq, json) values (?, ?, ?)"),
    // Nobody asks for what came between the first and the last, and all can be computed again.
    forget: database.prepare(
      "delete from policies where lesson = ? and seq > (select min(seq) from policies where lesson = ?) and seq < ?",
    ),
    check: database.prepare(
      "insert into checks (id, at) values (1, ?) on conflict (id) do update set at = excluded.at",
    ),
  };
}

/** The same error in words for whoever asked; what is no fault of the disk's is left as it is. */
function whyNotStored(error: unknown): unknown {
  const why = (sentence: string) => new NotStored(sentence, { cause: error });
  if (isError(error, Code.full))
    return why("The server's disk is full, so this was not stored; try again once it has room.");
  if (isError(error, Code.busy, Code.locked))
    return why("Another program holds the server's database, so this was not stored; try again.");
  if (isError(error, Code.ioError, Code.readOnly, Code.cannotOpen, Code.perm))
    return why("The server cannot write to its disk, so this was not stored; try again later.");
  if (isDamage(error))
    return why(
      "The server's database is damaged, so this was not stored; ask whoever runs it to restore a backup.",
    );
  return error;
}

function unreadable(what: string, cause?: unknown): Unreadable {
  return new Unreadable(`${what}; ask whoever runs the server to restore a backup.`, { cause });
}

/** SQLite has one for its write-ahead log and none for what has been taken over from there. */
function checksum(key: string, at: number, body: string): number {
  return crc32(`${key} ${at} ${body}`);
}

function parsed({ seq, key, at, body, crc }: Omit<Schema["events"], "lesson">): LessonEvent {
  if (crc !== null && crc !== checksum(key, at, body))
    throw unreadable(`Event ${seq} of this lesson is damaged`);
  try {
    const event: unknown = JSON.parse(body);
    if (typeof event === "object" && event !== null && "type" in event)
      return { ...(event as NewEvent), seq, at } as LessonEvent;
  } catch (error) {
    throw unreadable(`Event ${seq} of this lesson cannot be read`, error);
  }
  throw unreadable(`Event ${seq} of this lesson cannot be read`);
}

/** Undefined where there is no such file. */
function inode(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
}

/** 128 random bits, base64url. */
function random128(): string {
  return randomBytes(16).toString("base64url");
}
