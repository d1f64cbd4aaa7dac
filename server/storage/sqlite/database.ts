import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import { type DatabaseConnection, SqliteDialect, SqliteDriver } from "kysely";
import Database from "libsql";
import { migrations } from "../migrations.ts";

/** Name of the database in its folder. */
export const fileName = "lessons.db";

/** SQLite's result codes, https://sqlite.org/rescode.html, as far as they are told apart here. */
export const Code = {
  perm: 3,
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/**
 * Whether it is an error of SQLite with one of these codes. By number, and without what extends it,
 * since there are names for a part of them only.
 */
export function isError(error: unknown, ...codes: number[]): boolean {
  const { rawCode } = error as { rawCode?: unknown };
  return typeof rawCode === "number" && codes.includes(rawCode & 0xff);
}

/** Whether what was read is not what was once written. */
export function isDamage(error: unknown): boolean {
  return isError(error, Code.corrupt, Code.notADatabase);
}

/** Nobody else on the machine has any business with what people did. */
const ownersOnly = 0o600;

/** Keeps others from reading a file. SQLite makes its own beside it in the same way. */
export function keepToOwner(file: string): void {
  try {
    chmodSync(file, ownersOnly);
  } catch {
    // Another user's, who let this one write to it; or a disk that knows no owners.
  }
}

/**
 * Opens the database in `folder`, both made where there are none, for a server to write to.
 * @throws Error where it cannot be written, or what is there is no database of this program's
 */
export function openDatabase(folder: string): Database.Database {
  makeFolder(folder);
  const file = join(folder, fileName);
  // The system says in plain words why a file cannot be written; SQLite says 14.
  closeSync(openSync(file, "a", ownersOnly));
  keepToOwner(file);
  const database = new Database(file);
  try {
    // Another process may be in the middle of a commit, which takes far less than this. Nobody is
    // served meanwhile.
    database.pragma("busy_timeout = 2000"); // ms
    // First of all, since a file of someone else's is not to be touched.
    requireKnown(database);
    beginLog(database);
    database.pragma("synchronous = FULL");
    return database;
  } catch (error) {
    database.close();
    throw whyNotOpened(error);
  }
}

/**
 * Folds the write-ahead log into the database and ends it, so that the one file is all there is. Where
 * another process has the database open, or the disk is full, the log stays, and nothing is lost.
 */
export function closeDatabase(database: Database.Database): void {
  try {
    database.pragma("busy_timeout = 0");
    database.pragma("wal_checkpoint(TRUNCATE)");
    database.pragma("journal_mode = DELETE");
  } catch (error) {
    // The disk being what it is, the log stays. Anything else is a mistake in here.
    if (!("rawCode" in (error as object))) throw error;
  } finally {
    database.close();
  }
}

/** @throws Error where the database is another program's, or of a newer version of this one */
export function requireKnown(database: Database.Database): void {
  const names = database.prepare("select name from sqlite_master where type = 'table'");
  const tables = (names.all() as { name: string }[]).map(({ name }) => name);
  if (tables.length === 0) return;
  if (!tables.includes("kysely_migration"))
    throw new Error(`${fileName} is another program's; choose another folder`);
  const done = database.prepare("select name from kysely_migration").all() as { name: string }[];
  if (done.some(({ name }) => !Object.hasOwn(migrations, name)))
    throw new Error(
      `${fileName} was written by a newer version of DAgger Dojo; start that one, or restore an older backup`,
    );
}

/** The same error in words for whoever runs the server; errors of the system have them already. */
export function whyNotOpened(error: unknown): Error {
  const why = (sentence: string) => new Error(sentence, { cause: error });
  const { message } = error as Error;
  if (isDamage(error))
    return why(
      `${fileName} is damaged or not ours; restore a backup, or choose another folder: ${message}`,
    );
  if (isError(error, Code.readOnly, Code.cannotOpen, Code.perm))
    return why(`${fileName} and the folder it is in must be writable: ${message}`);
  if (isNoRoom(error)) return why(`the disk is full or fails; make room: ${message}`);
  if (isError(error, Code.busy, Code.locked))
    return why(`another program holds ${fileName}; wait until it is done: ${message}`);
  return error as Error;
}

/**
 * SQLite's own driver, but for two things. A transaction here is one that writes, so it waits for its
 * turn before it reads anything. And what could not be written SQLite has rolled back by itself: to do
 * so again would fail, and this failure would be all that one hears of.
 */
class Driver extends SqliteDriver {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database });
    this.#database = database;
  }

  override async beginTransaction(): Promise<void> {
    this.#database.exec("begin immediate");
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }
}

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

/** A full disk has no room for a log, and yet one can read, and write as soon as there is room. */
function beginLog(database: Database.Database): void {
  try {
    database.pragma("journal_mode = WAL");
  } catch (error) {
    if (!isNoRoom(error)) throw error;
  }
}

/** A quota, and a limit on a file's size, are I/O errors to SQLite. */
function isNoRoom(error: unknown): boolean {
  return isError(error, Code.full, Code.ioError);
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
