import { NotStored, Unreadable } from "../../shared/lesson/log.ts";

/** The database's stores. */
export const Store = {
  /** By name: `epoch`. */
  meta: "meta",
  /** {@link LessonRecord} by address. */
  lessons: "lessons",
  /** {@link EventRecord} by lesson and number, and by lesson and key. */
  events: "events",
  /** JSON of policies' parameters, by lesson and number of the event that brought them about. */
  policies: "policies",
} as const;
export type Store = (typeof Store)[keyof typeof Store];

export interface LessonRecord {
  readonly id: string;
  /** SHA-256, hex. */
  readonly secret: string;
  /** Number of the last event. */
  readonly last: number;
  /** SHA-256, hex, of all its events' hashes. */
  readonly hash: string;
}

export interface EventRecord {
  readonly lesson: string;
  readonly seq: number;
  readonly key: string;
  readonly at: number;
  readonly body: string;
  readonly print: string | null;
  /** SHA-256, hex, of the event. */
  readonly hash: string;
}

/** Opens the database, which is made if it isn't there. @throws NotStored where the browser has none */
export async function openDatabase(name: string): Promise<IDBDatabase> {
  try {
    return await opened(name);
  } catch (error) {
    throw whyNotStored(
      error,
      "This browser does not let this page store anything. A private window or a setting forbids it.",
    );
  }
}

async function opened(name: string): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => {
    const database = opening.result;
    database.createObjectStore(Store.meta);
    database.createObjectStore(Store.lessons, { keyPath: "id" });
    const events = database.createObjectStore(Store.events, { keyPath: ["lesson", "seq"] });
    events.createIndex("key", ["lesson", "key"], { unique: true });
    database.createObjectStore(Store.policies);
  };
  return answerTo(opening);
}

/** What the database answers next to a request: a cursor's answers more than once. */
export function answerTo<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** The same error in words for whoever asked. */
function whyNotStored(
  cause: unknown,
  otherwise = "This browser could not store this; try again.",
): Error {
  if (cause instanceof Unreadable) return cause;
  const isFull = cause instanceof DOMException && cause.name === "QuotaExceededError";
  return new NotStored(
    isFull
      ? "This browser has no storage left, so this was not stored. Free some storage, and try again."
      : otherwise,
    { cause },
  );
}

/** What is to be written, to the stores by their names. */
export type Write<T> = (store: (name: Store) => IDBObjectStore) => Promise<T>;

/** All or nothing of what `write` asks for, and on disk. @throws NotStored */
export async function written<T>(
  database: IDBDatabase,
  names: readonly Store[],
  write: Write<T>,
): Promise<T> {
  try {
    const transaction = database.transaction(names, "readwrite", { durability: "strict" });
    const complete = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    const [result] = await Promise.all([write((name) => transaction.objectStore(name)), complete]);
    return result;
  } catch (error) {
    throw whyNotStored(error);
  }
}
