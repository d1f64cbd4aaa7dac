import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import { Kysely, Migrator, SqliteDialect } from "kysely";
import Database from "libsql";
import type { LessonEvent, NewEvent } from "../shared/lesson.ts";
import type { NewLesson } from "../shared/protocol.ts";
import { migrations, type Schema } from "./migrations.ts";

/** Key of every lesson's first event. Keys that clients choose are longer. */
const createdKey = "created";

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

  /** Begins a lesson and returns its address. */
  async create(lesson: NewLesson): Promise<string> {
    const id = randomBytes(16).toString("base64url");
    const at = Date.now();
    const created: NewEvent = { type: "created", ...lesson };
    await this.#db.transaction().execute(async (transaction) => {
      await transaction.insertInto("lessons").values({ id, created: at }).execute();
      await transaction
        .insertInto("events")
        .values({ lesson: id, seq: 1, key: createdKey, at, body: JSON.stringify(created) })
        .execute();
    });
    return id;
  }

  /** All events of a lesson after number `since`, in order; none where there is no such lesson. */
  async events(lesson: string, since = 0): Promise<LessonEvent[]> {
    const rows = await this.#db
      .selectFrom("events")
      .select(["seq", "at", "body"])
      .where("lesson", "=", lesson)
      .where("seq", ">", since)
      .orderBy("seq")
      .execute();
    return rows.map(({ seq, at, body }) => ({ seq, at, ...JSON.parse(body) }));
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
