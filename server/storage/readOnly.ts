import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Kysely, sql } from "kysely";
import { migrations as sqliteMigrations } from "./migrations.ts";
import { type Connection, connect, type Place } from "./place.ts";
import { migrationsIn } from "./queries.ts";
import type { Schema } from "./schema.ts";
import { fileName, whyNotOpened } from "./sqlite/database.ts";
import { SqlLog } from "./sqlLog.ts";

/** A log that somebody else may be writing to: here it is read, and nothing is written. */
export class ReadOnlyLog extends SqlLog {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    super(connection.db, "", connection.faultOf, connection.begin);
    this.#connection = connection;
  }

  /** @throws Error in words for whoever asked, where there is no log that this version reads */
  static async open(place: Place): Promise<ReadOnlyLog> {
    // SQLite would make another.
    if (place.kind === "sqlite" && !existsSync(join(place.folder, fileName)))
      throw new Error(`there are no lessons in ${place.folder} (DATA_DIR)`);
    const connection = await connect(place);
    const { db } = connection;
    try {
      await requireNewest(db, place);
      if (place.kind === "sqlite") await sql`pragma query_only = on`.execute(db);
      else await sql`set default_transaction_read_only = on`.execute(db);
      return new ReadOnlyLog(connection);
    } catch (error) {
      await connection.close();
      throw place.kind === "sqlite" ? whyNotOpened(error) : error;
    }
  }

  /** The addresses of all lessons, by when they were begun. */
  async lessons(): Promise<string[]> {
    const { db } = this.#connection;
    const rows = await db
      .selectFrom("lessons")
      .select("id")
      .orderBy("created")
      .orderBy("id")
      .execute();
    return rows.map(({ id }) => id);
  }

  override close(): Promise<void> {
    return this.#connection.close();
  }
}

/** @throws Error where the tables are another program's, or of another version of this one */
async function requireNewest(db: Kysely<Schema>, place: Place): Promise<void> {
  const migrations =
    place.kind === "sqlite"
      ? sqliteMigrations
      : (await import("./postgres/migrations.ts")).migrations;
  const done = await migrationsIn(db);
  if (!done?.length) throw new Error("the database has no lessons of this program's");
  if (done.some((name) => !Object.hasOwn(migrations, name)))
    throw new Error("the database was written by a newer version of DAgger Dojo");
  if (done.length < Object.keys(migrations).length)
    throw new Error(
      "the database is of an earlier version; start the server once, which brings it up to date",
    );
}
