import { timingSafeEqual } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { Kysely, Migrator, sql } from "kysely";
import type Database from "libsql";
import type { NewLesson } from "../../shared/lesson/events/created.ts";
import type { LessonEvent, NewEvent } from "../../shared/lesson/fold.ts";
import {
  eventOf,
  eventsIn,
  type Log,
  type NewRow,
  NotStored,
  type Row,
  type Spend,
  type Stored,
  type Stretch,
  Unreadable,
} from "../../shared/lesson/log.ts";
import { type Begun, pageSize } from "../../shared/lesson/protocol.ts";
import { random128 } from "../random128.ts";
import { sha256 } from "../sha256.ts";
import { now, timed } from "../time.ts";
import { checksum, emptyTail, extended, type Tail } from "./chain.ts";
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

/** Key of every lesson's first event. Keys that clients choose are longer. */
const createdKey = "created";
/** Events that are read at once, however small they are. */
const mostRows = 500;
/** Writes that are committed at once: others wait for as long as it takes. */
const mostWrites = 128;

/**
 * The log of every lesson, and the only place where anything is kept. What a promise from here has
 * resolved to is on disk, and outlives the process and the machine's power.
 */
export class SqliteLog implements Log {
  /** By which name pages know this log; another one after a backup was restored. */
  readonly epoch: string;
  readonly #database: Database.Database;
  readonly #db: Kysely<Schema>;
  readonly #file: string;
  /** Which file it is on its disk, whatever its name. */
  readonly #inode: bigint;
  readonly #statements: ReturnType<typeof statementsOf>;
  #writes: Write[] = [];
  /** Those who wait to read a stretch of a lesson. */
  readonly #readers: (() => void)[] = [];
  #checked: { readonly at: number; readonly result: Promise<void> } | null = null;

  private constructor(
    database: Database.Database,
    db: Kysely<Schema>,
    file: string,
    epoch: string,
  ) {
    this.#database = database;
    this.#db = db;
    this.#file = file;
    this.epoch = epoch;
    this.#inode = inode(file)!;
    this.#statements = statementsOf(database);
  }

  /**
   * Opens the log in `folder`, which is made if it isn't there, and brings its tables up to date.
   * @throws Error where the folder cannot be written or holds something else
   */
  static async open(folder: string): Promise<SqliteLog> {
    const database = openDatabase(folder);
    const db = new Kysely<Schema>({ dialect: new Dialect(database) });
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
    try {
      // All of it or nothing, and one server at a time: Kysely itself locks no SQLite database.
      database.exec("begin immediate");
      const { error } = await migrator.migrateToLatest();
      if (error) throw error;
      const epoch = epochOf(database) ?? beginEpoch(database);
      database.exec("commit");
      return new SqliteLog(database, db, join(folder, fileName), epoch);
    } catch (error) {
      if (database.inTransaction) database.exec("rollback");
      closeDatabase(database);
      throw whyNotOpened(error);
    }
  }

  /**
   * Begins a lesson and returns its address, and the secret, which is kept nowhere here.
   * @throws NotStored where the disk does not take it
   */
  async create(lesson: NewLesson): Promise<Begun> {
    const id = random128();
    const secret = random128();
    const created: NewEvent = { type: "created", ...lesson };
    const row = { key: createdKey, at: Date.now(), body: JSON.stringify(created) };
    const { last, hash } = extended(emptyTail, row);
    await this.#write(() => {
      // Of 128 random bits there is nothing to guess, so a plain hash is as good as a slow one.
      const hashed = sha256(secret).toString("hex");
      this.#statements.lesson.run(id, row.at, hashed, last, hash);
      this.#statements.event(id, last, row, null);
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
   * All events of a lesson after number `since`, in order and a stretch at a time; none where there is
   * no such lesson. A long lesson takes a while to read, so others get in between two stretches, and of
   * all that are being read one stretch is read in a turn of the event loop.
   *
   * Read from its beginning, the lesson is compared with the tail that was kept of it.
   * @param spend told the time that each stretch took, with what was done with it
   * @throws Unreadable where one of them is damaged or missing
   */
  async *stretches(lesson: string, since = 0, spend: Spend = () => {}): AsyncGenerator<Stretch> {
    const kept = since === 0 ? await this.#tail(lesson) : null;
    let tail = emptyTail;
    for (let last = since, more = true; more; ) {
      await this.#turnToRead();
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
      await this.#write(() => this.#statements.tail(lesson, tail)).catch((error) => {
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

  /**
   * The first of a lesson's events after number `since`: one at least, if any, and about `size` bytes.
   * @throws Unreadable where one of them is damaged or missing
   */
  async stretch(lesson: string, since: number, size: number): Promise<Stretch> {
    // How long a text is, is written before it, so that this reads no text.
    const sizes = await this.#read((db) =>
      db
        .selectFrom("events")
        .select(["seq", sql<number>`octet_length(body)`.as("size")])
        .where("lesson", "=", lesson)
        .where("seq", ">", since)
        .orderBy("seq")
        .limit(mostRows + 1)
        .execute(),
    );
    let [n, sum] = [0, 0];
    while (n < Math.min(sizes.length, mostRows) && sum < size) sum += sizes[n++]!.size;
    const until = sizes[n - 1]?.seq ?? since;
    const rows = await this.#read((db) =>
      db
        .selectFrom("events")
        .select(["seq", "key", "at", "body", "crc"])
        .where("lesson", "=", lesson)
        .where("seq", ">", since)
        .where("seq", "<=", until)
        .orderBy("seq")
        .execute(),
    );
    for (const [i, { seq, crc, ...row }] of rows.entries()) {
      if (seq !== since + 1 + i)
        throw unreadable(`Event ${since + 1 + i} of this lesson is missing`);
      if (crc === null) eventOf(row, seq);
      else if (crc !== checksum(row)) throw unreadable(`Event ${seq} of this lesson is damaged`);
    }
    return { rows, last: since + rows.length, more: sizes.length > n };
  }

  /** The event that came with `key`, and the print of the request, if there is one. */
  async find(
    lesson: string,
    key: string,
  ): Promise<{ readonly seq: number; readonly print: string | null } | undefined> {
    return this.#read((db) =>
      db
        .selectFrom("events")
        .select(["seq", "print"])
        .where("lesson", "=", lesson)
        .where("key", "=", key)
        .executeTakeFirst(),
    );
  }

  /**
   * Makes `row` event number `seq` of a lesson. Resolves to the event as it is now on disk, or to null
   * where the place or the key is taken: someone else wrote first, and one has to look again.
   * @param spend told the time that writing took
   * @throws NotStored where the disk does not take it; once it does, one can go on
   */
  async append(
    lesson: string,
    seq: number,
    { key, print, event, policy }: NewRow,
    spend: Spend = () => {},
  ): Promise<Stored | null> {
    const row = { key, at: Date.now(), body: JSON.stringify(event) };
    return this.#write(() => {
      const { changes } = this.#statements.event(lesson, seq, row, print);
      if (changes === 0) return null;
      this.#statements.tail(lesson, extended(this.#tailBefore(lesson, seq), row));
      if (policy !== undefined) {
        this.#statements.policy.run(lesson, seq, policy);
        this.#statements.forget.run(lesson, lesson, seq);
      }
      // Parsed back, so that whoever works on with it has what a later reader of the log will have.
      return { event: eventOf(row, seq), row };
    }, spend);
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
      this.#statements.check.run(Date.now());
    });
  }

  #turnToRead(): Promise<void> {
    const next = () => {
      this.#readers.shift()!();
      if (this.#readers.length > 0) setImmediate(next);
    };
    return new Promise((resolve) => {
      if (this.#readers.push(resolve) === 1) setImmediate(next);
    });
  }

  /** What was kept of a lesson's end; the beginning where nothing was. */
  async #tail(lesson: string): Promise<Tail> {
    const kept = await this.#read((db) =>
      db.selectFrom("lessons").select(["last", "hash"]).where("id", "=", lesson).executeTakeFirst(),
    );
    return tailOf(kept);
  }

  /**
   * The tail before event number `seq`. In a write only.
   * @throws Unreadable where events after it have been written already, and are missing now
   */
  #tailBefore(lesson: string, seq: number): Tail {
    let tail = tailOf(this.#statements.tailOf.get([lesson]) as KeptTail);
    if (tail.last >= seq) throw unreadable("The last events of this lesson are missing");
    // A version of before tails were kept has written in between.
    if (tail.last < seq - 1)
      for (const row of this.#statements.between.all([lesson, tail.last, seq]) as Row[])
        tail = extended(tail, row);
    return tail;
  }

  /**
   * Does `write`, whose statements are all or none, together with whatever else is to be written in
   * this turn of the event loop: the disk takes as long over one commit as over another.
   */
  #write<T>(write: () => T, spend: Spend = () => {}): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#writes.length === 0) setImmediate(() => this.#flush());
      this.#writes.push({ write, resolve: resolve as (result: unknown) => void, reject, spend });
    });
  }

  #flush(): void {
    const writes = this.#writes.splice(0, mostWrites);
    if (this.#writes.length > 0) setImmediate(() => this.#flush());
    timed(
      () => this.#commit(writes),
      (ms) => {
        for (const each of writes) each.spend(ms / writes.length);
      },
    );
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
      // One that fails takes no other with it. Where another program has the database, none would get in,
      // and each would wait for as long again.
      const isBusy = isError(error, Code.busy, Code.locked);
      if (writes.length > 1 && !isBusy) for (const write of writes) this.#commit([write]);
      else for (const { reject } of writes) reject(whyNotStored(error));
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

/** Something to write, who waits for it to be on disk, and who pays. */
interface Write {
  readonly write: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (why: unknown) => void;
  readonly spend: Spend;
}

/** The statements that write, ready to run: a request waits for little else. */
function statementsOf(database: Database.Database) {
  const event = database.prepare(
    "insert into events (lesson, seq, key, at, body, crc, print) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
  );
  const tail = database.prepare("update lessons set last = ?, hash = ? where id = ?");
  return {
    lesson: database.prepare(
      "insert into lessons (id, created, secret, last, hash) values (?, ?, ?, ?, ?)",
    ),
    event: (lesson: string, seq: number, row: Row, print: string | null) =>
      event.run(lesson, seq, row.key, row.at, row.body, checksum(row), print),
    tail: (lesson: string, { last, hash }: Tail) => tail.run(last, hash, lesson),
    tailOf: database.prepare("select last, hash from lessons where id = ?"),
    between: database.prepare(
      "select key, at, body from events where lesson = ? and seq > ? and seq < ? order by seq",
    ),
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

type KeptTail = Pick<Schema["lessons"], "last" | "hash"> | undefined;

function tailOf(kept: KeptTail): Tail {
  const { last, hash } = kept ?? {};
  return typeof last === "number" && typeof hash === "string" ? { last, hash } : emptyTail;
}

/** Undefined where the log has none yet. */
function epochOf(database: Database.Database): string | undefined {
  const row = database.prepare("select epoch from epochs").get([]);
  return (row as { epoch: string } | undefined)?.epoch;
}

/** Gives the log a new name. */
export function beginEpoch(database: Database.Database): string {
  const epoch = random128();
  const begin =
    "insert into epochs (id, epoch) values (1, ?) on conflict (id) do update set epoch = excluded.epoch";
  database.prepare(begin).run([epoch]);
  return epoch;
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

/** Undefined where there is no such file. */
function inode(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
}
