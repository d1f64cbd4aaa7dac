import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "libsql";
import { migrations } from "../migrations.ts";
import { Code, isDamage, isError, isNoRoom } from "./errors.ts";

/** Name of the database in its folder. */
export const fileName = "lessons.db";

/** For how long an opening waits for another process, ms. Nobody is served meanwhile. */
const patience = 2000;

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
    // Another process may be in the middle of a commit, which takes far less than this.
    database.pragma(`busy_timeout = ${patience}`);
    // First of all, since a file of someone else's is not to be touched.
    requireKnown(database);
    beginLog(database);
    database.pragma("synchronous = FULL");
    // What is deleted is not to be found in the file either.
    database.pragma("secure_delete = on");
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

/**
 * A full disk has no room for a log, and yet one can read, and write as soon as there is room. Of two
 * processes that begin the log at once SQLite refuses one without waiting, whatever `busy_timeout`
 * says, since both have read already: that one comes again, and finds it begun.
 */
function beginLog(database: Database.Database): void {
  for (const end = Date.now() + patience; ; pause(5))
    try {
      database.pragma("journal_mode = WAL");
      return;
    } catch (error) {
      if (isNoRoom(error)) return;
      if (!isError(error, Code.busy) || Date.now() > end) throw error;
    }
}

/** @param time ms, in which this thread does nothing else */
function pause(time: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, time);
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
