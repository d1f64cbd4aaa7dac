import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Kysely } from "kysely";
import Database from "libsql";
import { beginEpoch } from "./queries.ts";
import type { Schema } from "./schema.ts";
import { fileName, keepToOwner, requireKnown } from "./sqlite/database.ts";
import { Dialect } from "./sqlite/dialect.ts";
import { faultOf, isDamage } from "./sqlite/errors.ts";

/** Why nothing was copied, in words for whoever asked for it; all files are as they were. */
export class NotCopied extends Error {}

/**
 * Writes all lessons in `folder`, as they are at one moment, to the new file `to`, whether a server
 * runs there or not. Once this returns, the copy is on disk.
 * @throws NotCopied
 */
export async function backup(folder: string, to: string): Promise<void> {
  const from = join(folder, fileName);
  if (!isFile(from))
    throw new NotCopied(`There are no lessons in ${folder} (DATA_DIR) to back up.`);
  if (existsSync(to)) throw new NotCopied(`${to} exists already; choose another name.`);
  if (!existsSync(dirname(to))) throw new NotCopied(`There is no folder ${dirname(to)}.`);
  const aside = `${to}.${process.pid}`;
  try {
    await using(from, (database) => {
      requireKnown(database);
      database.prepare("vacuum into ?").run([aside]);
    });
    keepToOwner(aside);
    await using(aside, requireSound);
    sync(aside);
    // Unlike a rename, this replaces nothing.
    linkSync(aside, to);
    rmSync(aside);
    sync(dirname(to));
  } catch (error) {
    removeDatabase(aside);
    throw inWords(error, `Could not back up ${from}`);
  }
}

/**
 * Puts the copy `from` in the place of the lessons in `folder`, which stay beside it. Returns under
 * which name they do, or null where there were none.
 * @throws NotCopied
 */
export async function restore(folder: string, from: string): Promise<string | null> {
  if (!isFile(from)) throw new NotCopied(`There is no file ${from}.`);
  if (!existsSync(folder)) throw new NotCopied(`There is no folder ${folder} (DATA_DIR).`);
  const to = join(folder, fileName);
  const aside = `${to}.${process.pid}`;
  try {
    copy(from, aside);
    keepToOwner(aside);
    await using(aside, async (database) => {
      requireKnown(database);
      requireSound(database);
      requireLessons(database);
      // Pages that have seen what came after the backup are to forget it.
      if (hasEpoch(database))
        await beginEpoch(new Kysely<Schema>({ dialect: new Dialect(database) }));
      // Whatever else was beside the copy is in it from now on.
      database.pragma("journal_mode = DELETE");
    });
    sync(aside);
    const kept = isFile(to) ? put(aside, to) : null;
    if (kept === null) renameSync(aside, to);
    sync(folder);
    return kept;
  } catch (error) {
    removeDatabase(aside);
    throw inWords(error, `Could not restore ${from}`);
  }
}

/** Puts `aside` in the place of the database `to`, and returns the name that the latter now has. */
function put(aside: string, to: string): string {
  const kept = join(dirname(to), `lessons-before-${new Date().toISOString().replace(/:/g, "")}.db`);
  const lock = new Database(to);
  try {
    try {
      alone(lock);
    } catch (error) {
      // Damaged, which is why it is to be replaced. It is kept as it is, and its log with it.
      if (!isDamage(error)) throw error;
    }
    // At no time is there no database, which a server would take for the beginning of one.
    linkSync(to, kept);
    // A log left beside another database than its own would be played into it.
    for (const part of ["-wal", "-journal"]) {
      if (existsSync(to + part)) renameSync(to + part, kept + part);
    }
    rmSync(`${to}-shm`, { force: true });
    renameSync(aside, to);
    return kept;
  } finally {
    lock.close();
  }
}

/** Keeps every other process out of the database until it is closed, and folds its log into it. */
function alone(database: Database.Database): void {
  database.pragma("busy_timeout = 0");
  database.pragma("locking_mode = EXCLUSIVE");
  database.pragma("journal_mode = DELETE");
  database.exec("begin exclusive");
}

function requireSound(database: Database.Database): void {
  const found = database.pragma("integrity_check") as { integrity_check: string }[];
  if (found[0]?.integrity_check !== "ok") throw new NotCopied("it is damaged");
}

function requireLessons(database: Database.Database): void {
  const tables = database.prepare("select name from sqlite_master where name = 'events'").all();
  if (tables.length === 0) throw new NotCopied("there are no lessons in it");
}

/** Whether it is of a version that names its logs; one from before gets a name when it is opened. */
function hasEpoch(database: Database.Database): boolean {
  const tables = database.prepare("select name from sqlite_master where name = 'epochs'").all();
  return tables.length > 0;
}

/** Copies a database, with its log where it has one. */
function copy(from: string, to: string): void {
  for (const part of ["", "-wal"]) {
    if (existsSync(from + part)) copyFileSync(from + part, to + part, constants.COPYFILE_EXCL);
  }
}

async function using(
  file: string,
  use: (database: Database.Database) => void | Promise<void>,
): Promise<void> {
  const database = new Database(file);
  try {
    database.pragma("busy_timeout = 5000"); // ms
    await use(database);
  } finally {
    database.close();
  }
}

function removeDatabase(file: string): void {
  for (const part of ["", "-wal", "-shm", "-journal"]) rmSync(file + part, { force: true });
}

/** Waits until a file, or the names in a folder, are on disk. */
function sync(path: string): void {
  const open = openSync(path, "r");
  try {
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function inWords(error: unknown, what: string): NotCopied {
  const { message } = error as Error;
  const why =
    faultOf(error) === "busy"
      ? "a server is running there; stop it first"
      : isDamage(error)
        ? `it is damaged, or no database (${message})`
        : message;
  return new NotCopied(`${what}: ${why}.`, { cause: error });
}
