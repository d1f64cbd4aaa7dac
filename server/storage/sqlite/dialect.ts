import { type SqliteDatabase, SqliteDialect, type SqliteStatement } from "kysely";
import type Database from "libsql";

/** A transaction here is one that writes, so it waits for its turn before it reads anything. */
export const begin = "begin immediate";

/** Kysely on a SQLite database that stays open. */
export class Dialect extends SqliteDialect {
  constructor(database: Database.Database) {
    super({ database: prepared(database) });
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
      const statement = /^(begin|commit|rollback)\b/.test(sql)
        ? control(database, sql)
        : query(database, sql);
      statements.set(sql, statement);
      return statement;
    },
    close: () => void database.close(),
  };
}

/** A statement that failed once would fail again where it is kept, so these are not. */
function control(database: Database.Database, sql: string): SqliteStatement {
  const run = () => {
    database.exec(sql);
    return { changes: 0, lastInsertRowid: 0 };
  };
  return { reader: false, run, all: () => [], iterate: () => [].values() };
}

function query(database: Database.Database, sql: string): SqliteStatement {
  const made = database.prepare(sql);
  const one = (values: readonly unknown[]) => {
    const found = made.get(values) as { _metadata?: object } | undefined;
    if (!found) return [];
    // How long it took, which libsql says of a single row.
    const { _metadata, ...row } = found;
    return [row];
  };
  return {
    reader: made.reader,
    all: sql.endsWith(" limit 1") ? one : (values) => made.all(values),
    run: (values) => made.run(values),
    iterate: (values) => made.iterate(values) as IterableIterator<unknown>,
  };
}
