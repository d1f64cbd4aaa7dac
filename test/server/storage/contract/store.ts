import type { Log } from "../../../../shared/lesson/log.ts";

/** A log that somebody has open. */
export interface OpenLog extends Log {
  close(): Promise<void>;
}

/** A place where logs are kept: a folder, a database, a page's storage. */
export interface Store {
  /** Opens a log; all that are open at a time share what is stored. */
  open(): Promise<OpenLog>;
  /** What can go wrong with what is stored; absent where nothing can. While no log is open. */
  readonly damage?: Damage;
}

export interface Damage {
  /** Flips a bit of an event's body. */
  flip(lesson: string, seq: number): Promise<void>;
  /** Removes an event. */
  remove(lesson: string, seq: number): Promise<void>;
  /** Puts another event in the place of one, as it would have been stored there. */
  replace(lesson: string, seq: number): Promise<void>;
}

/** Something that holds of every log. */
export interface Clause {
  readonly name: string;
  /** Throws where it does not hold of the logs in `store`, which may hold other lessons. */
  run(store: Store): Promise<void>;
}

/** Something that holds of every log that can be damaged. */
export interface DamageClause {
  readonly name: string;
  run(store: Store, damage: Damage): Promise<void>;
}

/** Opens a log, does something with it and closes it. */
export async function using<T>(store: Store, use: (log: Log) => Promise<T>): Promise<T> {
  const log = await store.open();
  try {
    return await use(log);
  } finally {
    await log.close();
  }
}

/** Opens two logs on one store, does something with them and closes them. */
export function usingTwo<T>(store: Store, use: (here: Log, there: Log) => Promise<T>): Promise<T> {
  return using(store, (here) => using(store, (there) => use(here, there)));
}
