import { existsSync } from "node:fs";
import { join } from "node:path";
import { Kysely } from "kysely";
import Database from "libsql";
import { NotStored } from "../../shared/lesson/log.ts";
import type { FaultOf } from "./faults.ts";
import type { Schema } from "./schema.ts";
import { fileName } from "./sqlite/database.ts";
import { begin, Dialect } from "./sqlite/dialect.ts";
import { faultOf } from "./sqlite/errors.ts";
import { SqliteLog } from "./sqlite/log.ts";
import type { SqlLog } from "./sqlLog.ts";

/** Where lessons are kept. Plain data, so that it can be told to a thread. */
export type Place =
  | { readonly kind: "sqlite"; readonly folder: string }
  | { readonly kind: "postgres"; readonly url: string };

/** What a place is called to people: without what an address may say of users and passwords. */
export function nameOf(place: Place): string {
  return place.kind === "sqlite"
    ? place.folder
    : `the database at ${new URL(place.url).host || "this machine"}`;
}

/** Opens the log that is kept there. @throws Error in words for whoever runs the server */
export async function openLog(place: Place): Promise<SqlLog> {
  if (place.kind === "sqlite") return SqliteLog.open(place.folder);
  // Who keeps lessons in SQLite need not wait for the driver of another database.
  const { PostgresLog } = await import("./postgres/log.ts");
  return PostgresLog.open(place.url);
}

/** A connection beside those of a log that is open. */
export interface Connection {
  readonly db: Kysely<Schema>;
  readonly faultOf: FaultOf;
  /** How a transaction begins that sees nothing that others write after it. */
  readonly begin: string;
  close(): Promise<void>;
}

/** @throws NotStored where there is nothing any more */
export async function connect(place: Place): Promise<Connection> {
  if (place.kind === "postgres") {
    const postgres = await import("./postgres/connection.ts");
    const { faultOf } = await import("./postgres/errors.ts");
    const db = postgres.connectTo(place.url, 1);
    return { db, faultOf, begin: postgres.begin, close: () => db.destroy() };
  }
  const path = join(place.folder, fileName);
  // SQLite would make another.
  if (!existsSync(path)) throw new NotStored("The server's database was moved or deleted.");
  const database = new Database(path);
  database.pragma("synchronous = FULL");
  const db = new Kysely<Schema>({ dialect: new Dialect(database) });
  return { db, faultOf, begin, close: async () => void database.close() };
}
