import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import { Kysely, Migrator, SqliteDialect, sql } from "kysely";
import Database from "libsql";
import type { LessonEvent, NewEvent } from "../shared/lesson.ts";
import { type Begun, type NewLesson, pageSize } from "../shared/protocol.ts";
import { migrations, type Schema } from "./migrations.ts";

/** Key of every lesson's first event. Keys that clients choose are longer. */
const createdKey = "created";

/** What could not be written, with why in words for whoever asked for it; nothing of it is stored. */
export class NotStored extends Error {}

/**
 * The log of every lesson, and the only place where anything is kept. What a promise from here has
 * resolved to is on disk, and outlives the process and the machine's power.
 */
export class Log {
  readonly #db: Kysely<Schema>;

  private constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  /**
   * Opens the log in `folder`, which is made if it isn't there, and brings its tables up to date.
   * @throws Error where the folder cannot be written or holds something else
   */
  static async open(folder: string): Promise<Log> {
    makeFolder(folder);
    const file = join(folder, "lessons.db");
    // The system says in plain words why a file cannot be written; SQLite says 14.
    closeSync(openSync(file, "a"));
    const database = new Database(file);
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    // Another process may be in the middle of a commit, which takes far less than this.
    database.pragma("busy_timeout = 5000"); // ms
    const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) });
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
    const { error } = await migrator.migrateToLatest();
    if (error) {
      await db.destroy();
      throw error;
    }
    return new Log(db);
  }

  /** Begins a lesson and returns its address, and the secret, which is kept nowhere here. */
  async create(lesson: NewLesson): Promise<Begun> {
    const id = random128();
    const secret = random128();
    const at = Date.now();
    const created: NewEvent = { type: "created", ...lesson };
    await this.#db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto("lessons")
        .values({ id, created: at, secret: digest(secret).toString("hex") })
        .execute();
      await transaction
        .insertInto("events")
        .values({ lesson: id, seq: 1, key: createdKey, at, body: JSON.stringify(created) })
        .execute();
    });
    return { id, secret };
  }

  /** Whether `secret` is the one that the lesson was begun with; lessons of before secrets take any. */
  async isOwner(lesson: string, secret: string | undefined): Promise<boolean> {
    const row = await this.#db
      .selectFrom("lessons")
      .select("secret")
      .where("id", "=", lesson)
      .executeTakeFirst();
    if (!row) return false;
    if (row.secret === null) return true;
    if (secret === undefined) return false;
    return timingSafeEqual(digest(secret), Buffer.from(row.secret, "hex"));
  }

  /** All events of a lesson after number `since`, in order; none where there is no such lesson. */
  async events(lesson: string, since = 0): Promise<LessonEvent[]> {
    const all: LessonEvent[] = [];
    for (let more = true; more; ) {
      const page = await this.page(lesson, all.at(-1)?.seq ?? since, pageSize);
      all.push(...page.events);
      more = page.more;
    }
    return all;
  }

  /** The first of a lesson's events after number `since`: one at least, if any, and about `size` bytes. */
  async page(
    lesson: string,
    since: number,
    size: number,
  ): Promise<{ events: LessonEvent[]; more: boolean }> {
    const most = 1000;
    const rows = await this.#db
      .selectFrom("events")
      .select(["seq", "at", "body"])
      .select(sql<number>`sum(length(body)) over (order by seq) - length(body)`.as("before"))
      .where("lesson", "=", lesson)
      .where("seq", ">", since)
      .orderBy("seq")
      .limit(most)
      .execute();
    const within = rows.filter(({ before }) => before < size);
    const events = within.map(({ seq, at, body }) => ({ seq, at, ...JSON.parse(body) }));
    return { events, more: within.length < rows.length || rows.length === most };
  }

  /** Bytes of all events of a lesson. */
  async size(lesson: string): Promise<number> {
    const { size } = await this.#db
      .selectFrom("events")
      .select(sql<number>`coalesce(sum(length(body)), 0)`.as("size"))
      .where("lesson", "=", lesson)
      .executeTakeFirstOrThrow();
    return size;
  }

  /** The number of the event that came with `key`, if there is one. */
  async find(lesson: string, key: string): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom("events")
      .select("seq")
      .where("lesson", "=", lesson)
      .where("key", "=", key)
      .executeTakeFirst();
    return row?.seq;
  }

  /**
   * Adds event number `seq` to a lesson, with the parameters of the policy that it brought about,
   * if any. Resolves to the event as it is now on disk, or to null where the place or the key is
   * taken: someone else wrote first, and one has to look again.
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
    return this.#db.transaction().execute(async (transaction) => {
      const { numInsertedOrUpdatedRows } = await transaction
        .insertInto("events")
        .values({ lesson, seq, key, at, body })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows === 0n) return null;
      if (policy !== undefined) {
        await transaction.insertInto("policies").values({ lesson, seq, json: policy }).execute();
      }
      // Parsed back, so that whoever works on with it has what a later reader of the log will have.
      return { seq, at, ...JSON.parse(body) };
    });
  }

  /** The parameters, as JSON, of the policy that event `seq` brought about; undefined where they are not kept. */
  async policy(lesson: string, seq: number): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom("policies")
      .select("json")
      .where("lesson", "=", lesson)
      .where("seq", "=", seq)
      .executeTakeFirst();
    return row?.json;
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }
}

/** 128 random bits, base64url. */
function random128(): string {
  return randomBytes(16).toString("base64url");
}

/** Of 128 random bits there is nothing to guess, so a plain hash is as good as a slow one. */
function digest(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** Node's own recursive mkdir never comes back from where nothing can be made, such as /proc. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(folder) === folder) throw error;
    makeFolder(dirname(folder));
    mkdirSync(folder);
  }
}
