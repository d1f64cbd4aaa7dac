import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Schema } from "../schema.ts";

/**
 * For how long one waits for a connection, for tables that somebody else holds, and for a row of which all wait that
 * are written with it, ms: who waits for the row tries again.
 */
const patience = 2000;
const lockPatience = 1000;
const rowPatience = 100;
/** For how long a transaction may say nothing, ms: a process that stands still in one would hold its lessons for ever. */
const longestPause = 1500;
/** For how long a statement may take, ms, and the connection that has no answer to it. */
const longestStatement = 20_000;
const longestSilence = 25_000;
/** Connections of a process: one that writes, and some that read. */
const mostConnections = 8;

/**
 * A transaction that sees nothing that others write after it. Where two write the same lesson at once, one of them
 * fails as "busy", and is tried again: then it sees what the other has written.
 */
export const begin = `begin isolation level repeatable read; set local lock_timeout = ${rowPatience}; set local idle_in_transaction_session_timeout = ${longestPause}`;

/** Kysely on a PostgreSQL database. Connects when it is first used. */
export function connectTo(url: string, connections = mostConnections): Kysely<Schema> {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: patience,
    lock_timeout: lockPatience,
    statement_timeout: longestStatement,
    // A line that is cut says nothing.
    query_timeout: longestSilence,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: "dagger-dojo",
    types: { getTypeParser },
  });
  // Whoever has a query under way on a connection that is lost is told so by its error.
  pool.on("error", () => {});
  pool.on("connect", (client) => {
    client.on("error", () => {});
    // What is acknowledged is on disk, whatever this database does by default.
    void client.query(acknowledged).catch(() => {});
  });
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}

/** A stronger mode, as of a database with standbys, stays. */
const acknowledged =
  "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') in ('off', 'local')";

/** Sizes and times are far below 2^53, so that they are numbers as they are in SQLite. */
const getTypeParser: typeof pg.types.getTypeParser = (type, format) =>
  type === pg.types.builtins.INT8 && format !== "binary"
    ? Number
    : pg.types.getTypeParser(type, format as "text");
