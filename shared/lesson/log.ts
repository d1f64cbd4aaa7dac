import type { NewLesson } from "./events/created.ts";
import { type LessonEvent, type NewEvent, read } from "./fold.ts";
import type { Begun } from "./protocol.ts";

/** An event as it is stored. */
export interface Row {
  /** Of the request that brought it. */
  readonly key: string;
  /** Milliseconds since 1970, by the clock of whoever stored it. */
  readonly at: number;
  /** JSON of the event without its place and time. */
  readonly body: string;
}

/** A stretch of a lesson's events. */
export interface Stretch {
  readonly rows: readonly Row[];
  /** Number of the last of them; of the event before, where there are none. */
  readonly last: number;
  /** Whether there are more after it. */
  readonly more: boolean;
}

/** What becomes of a request: its event, and what goes with it. */
export interface NewRow {
  readonly key: string;
  /** SHA-256, hex, of the request; null of an event that no request brought. */
  readonly print: string | null;
  readonly event: NewEvent;
  /** The parameters, as JSON, of the policy that the event brought about, if any. */
  readonly policy?: string | undefined;
}

/** An event that is stored. */
export interface Stored {
  readonly event: LessonEvent;
  readonly row: Row;
}

/** Key of every lesson's first event. Keys that clients choose are longer. */
export const createdKey = "created";

/** Most events in a stretch, however small they are. */
export const mostRows = 500;

/** Told how many milliseconds of the main thread something took, by whoever did it for somebody. */
export type Spend = (ms: number) => void;

/** What could not be written, with why in words for whoever asked for it; nothing of it is stored. */
export class NotStored extends Error {}

/** What is stored and cannot be read, in words for whoever asked for it; it is left as it is. */
export class Unreadable extends Error {}

/**
 * The log of every lesson, and the only place where anything is kept. What a promise from here has
 * resolved to outlives the process.
 */
export interface Log {
  /** By which name pages know this log; another one after a backup was restored. */
  readonly epoch: string;

  /**
   * Begins a lesson and returns its address, and the secret, which is kept nowhere here.
   * @throws NotStored where it cannot be written
   */
  create(lesson: NewLesson): Promise<Begun>;

  /** Whether `secret` is the one that the lesson was begun with; lessons of before secrets take any. */
  isOwner(lesson: string, secret: string | undefined): Promise<boolean>;

  /**
   * All events of a lesson after number `since`, in order and a stretch at a time; none where there is
   * no such lesson. Read from its beginning, the lesson is compared with what was kept of its end.
   * @param spend told the time that each stretch took, with what was done with it
   * @throws Unreadable where one of them is damaged, missing or replaced
   */
  stretches(lesson: string, since?: number, spend?: Spend): AsyncIterable<Stretch>;

  /**
   * The first of a lesson's events after number `since`: one at least, if any, at most {@link mostRows}, and about
   * `size` bytes.
   * @throws Unreadable where one of them is damaged or missing
   */
  stretch(lesson: string, since: number, size: number): Promise<Stretch>;

  /** The event that came with `key`, and the print of the request, if there is one. */
  find(
    lesson: string,
    key: string,
  ): Promise<{ readonly seq: number; readonly print: string | null } | undefined>;

  /**
   * Makes `row` event number `seq` of a lesson. Resolves to the event as it is now stored, or to null
   * where the place or the key is taken: someone else wrote first, and one has to look again.
   * @param spend told the time that writing took
   * @throws NotStored where it cannot be written; once it can, one can go on
   * @throws Unreadable where the event before it is missing, or one that was in this place
   */
  append(lesson: string, seq: number, row: NewRow, spend?: Spend): Promise<Stored | null>;

  /**
   * The parameters, as JSON, of the policy that event `seq` brought about, or what was kept for them;
   * undefined where they are not kept, or damaged, since they can be computed again.
   */
  policy(lesson: string, seq: number): Promise<string | undefined>;

  /**
   * Keeps what {@link policy} is to give from now on, in place of what was kept for the event.
   * @param spend told the time that writing took
   * @throws NotStored where it cannot be written
   */
  keepPolicy(lesson: string, seq: number, text: string, spend?: Spend): Promise<void>;
}

/** An event as JSON, which its body already is but for its place and time. */
export function jsonOf({ at, body }: Row, seq: number): string {
  return `{"seq":${seq},"at":${at},${body.slice(1)}`;
}

/** The events of a stretch that ends with number `last`, as the JSON of an array. */
export function jsonOfAll(rows: readonly Row[], last: number): string {
  return `[${rows.map((row, i) => jsonOf(row, last - rows.length + 1 + i)).join(",")}]`;
}

/** The events of a stretch that ends with number `last`. @throws Unreadable */
export function eventsIn(rows: readonly Row[], last: number): LessonEvent[] {
  return rows.map((row, i) => eventOf(row, last - rows.length + 1 + i));
}

/** An event as its row has it, brought up to date. @throws Unreadable */
export function eventOf(row: Row, seq: number): LessonEvent {
  try {
    return read(JSON.parse(jsonOf(row, seq)));
  } catch (cause) {
    const sentence = `Event ${seq} of this lesson cannot be read; ask whoever runs the server to restore a backup.`;
    throw new Unreadable(sentence, { cause });
  }
}
