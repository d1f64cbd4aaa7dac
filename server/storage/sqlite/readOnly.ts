import { existsSync } from "node:fs";
import { join } from "node:path";
import { Kysely } from "kysely";
import Database from "libsql";
import { migrations } from "../migrations.ts";
import type { Schema } from "../schema.ts";
import { SqlLog } from "../sqlLog.ts";
import { fileName, requireKnown, whyNotOpened } from "./database.ts";
import { begin, Dialect } from "./dialect.ts";
import { faultOf } from "./errors.ts";

/** A log that somebody else may be writing to: here it is read, and nothing is written. */
export class ReadOnlyLog extends SqlLog {
  readonly #db: Kysely<Schema>;
  readonly #database: Database.Database;

  private constructor(db: Kysely<Schema>, database: Database.Database) {
    super(db, "", faultOf, begin);
    this.#db = db;
    this.#database = database;
  }

  /** @throws Error in words for whoever asked, where there is no log in `folder` that this version reads */
  static open(folder: string): ReadOnlyLog {
    const file = join(folder, fileName);
    // SQLite would make another.
    if (!existsSync(file)) throw new Error(`there are no lessons in ${folder} (DATA_DIR)`);
    const database = new Database(file);
    try {
      database.pragma("busy_timeout = 5000"); // ms
      requireKnown(database);
      requireNewest(database);
      database.pragma("query_only = ON");
      return new ReadOnlyLog(new Kysely<Schema>({ dialect: new Dialect(database) }), database);
    } catch (error) {
      database.close();
      throw whyNotOpened(error);
    }
  }

  /** The addresses of all lessons, by when they were begun. */
  async lessons(): Promise<string[]> {
    const rows = await this.#db
      .selectFrom("lessons")
      .select("id")
      .orderBy("created")
      .orderBy("id")
      .execute();
    return rows.map(({ id }) => id);
  }

  override async close(): Promise<void> {
    this.#database.close();
  }
}

function requireNewest(database: Database.Database): void {
  const { n } = database.prepare("select count(*) as n from kysely_migration").get() as {
    n: number;
  };
  if (n < Object.keys(migrations).length)
    throw new Error(
      `${fileName} is of an earlier version; start the server once, which brings it up to date`,
    );
}
