import {
  type DatabaseConnection,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from "kysely";
import type Database from "libsql";

/**
 * SQLite's own driver, but for two things. A transaction here is one that writes, so it waits for its
 * turn before it reads anything. And what could not be written SQLite has rolled back by itself: to do
 * so again would fail, and this failure would be all that one hears of.
 */
class Driver extends SqliteDriver {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database: prepared(database) });
    this.#database = database;
  }

  override async beginTransaction(): Promise<void> {
    this.#database.exec("begin immediate");
  }

  // As a statement it would be made anew each time, with an identifier of its own.
  override async commitTransaction(): Promise<void> {
    this.#database.exec("commit");
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** Kysely on a SQLite database that stays open. */
export class Dialect extends SqliteDialect {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): Driver {
    return new Driver(this.#database);
  }
}

/**
 * Keeps each statement once it is prepared, which takes longer than to run it. There are few: values are
 * parameters.
 */
function prepared(database: Database.Database): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      const known = statements.get(sql);
      if (known) return known;
      const made = database.prepare(sql);
      const statement: SqliteStatement = {
        reader: made.reader,
        all: (values) => made.all(values),
        run: (values) => made.run(values),
        iterate: (values) => made.iterate(values) as IterableIterator<unknown>,
      };
      statements.set(sql, statement);
      return statement;
    },
    close: () => void database.close(),
  };
}
