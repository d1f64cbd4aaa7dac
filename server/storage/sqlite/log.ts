import { statSync } from "node:fs";
import { join } from "node:path";
import { Kysely, Migrator } from "kysely";
import type Database from "libsql";
import { NotStored } from "../../../shared/lesson/log.ts";
import { migrations } from "../migrations.ts";
import { beginEpoch, epochOf } from "../queries.ts";
import type { Schema } from "../schema.ts";
import { SqlLog } from "../sqlLog.ts";
import { closeDatabase, fileName, openDatabase, whyNotOpened } from "./database.ts";
import { begin, Dialect } from "./dialect.ts";
import { faultOf } from "./errors.ts";

/** For how long the main thread waits for another program's commit, ms; then others are served meanwhile. */
const shortly = 5;

/** The log in a SQLite database: one file, and no other server. */
export class SqliteLog extends SqlLog {
  readonly #db: Kysely<Schema>;
  readonly #database: Database.Database;
  readonly #file: string;
  /** Which file it is on its disk, whatever its name. */
  readonly #inode: bigint;

  private constructor(
    db: Kysely<Schema>,
    database: Database.Database,
    file: string,
    epoch: string,
  ) {
    super(db, epoch, faultOf, begin);
    this.#db = db;
    this.#database = database;
    this.#file = file;
    this.#inode = inode(file)!;
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
      database.exec(begin);
      const { error } = await migrator.migrateToLatest();
      if (error) throw error;
      const epoch = (await epochOf(db)) ?? (await beginEpoch(db));
      database.exec("commit");
      database.pragma(`busy_timeout = ${shortly}`);
      return new SqliteLog(db, database, join(folder, fileName), epoch);
    } catch (error) {
      if (database.inTransaction) database.exec("rollback");
      closeDatabase(database);
      throw whyNotOpened(error);
    }
  }

  override async close(): Promise<void> {
    // Not in the middle of a transaction.
    await this.#db.connection().execute(async () => closeDatabase(this.#database));
  }

  protected override async writeCheck(): Promise<void> {
    // SQLite goes on writing to a file that has lost its name, and nobody would find it again.
    if (inode(this.#file) !== this.#inode)
      throw new NotStored("The server's database was moved or deleted; restart the server.");
    await super.writeCheck();
  }
}

/** Undefined where there is no such file. */
function inode(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
}
