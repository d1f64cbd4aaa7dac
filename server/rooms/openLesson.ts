import { apply, type LessonEvent, type NewEvent } from "../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson } from "../../shared/lesson/lesson.ts";
import { eventsIn, jsonOf, type Log, type Row, type Spend } from "../../shared/lesson/log.ts";
import type { Done } from "../../shared/lesson/protocol.ts";
import { isRefusal, type Refusal } from "../../shared/lesson/refusal.ts";
import type { Limits } from "../settings.ts";
import type { LessonMemory } from "./lessonMemory.ts";

/** Events in a lesson: each costs its reader something, however small it is. */
const mostEvents = 20_000;

/** Who asks for a change, what for, and who pays. */
export interface Change {
  readonly key: string;
  /** SHA-256, hex, of the request. */
  readonly print: string;
  readonly spend: Spend;
}

/** What is to become of a lesson as it stands. */
export type Decision = (lesson: Lesson) => NewEvent | Refusal;

/** Told each event once it is on disk, and the same as JSON. */
export type Tell = (event: LessonEvent, json: string) => void;

/**
 * A lesson that someone has open: its log, and the lesson itself for as long as it is asked for. A
 * change is written first, then taken in, then told.
 */
export class OpenLesson {
  readonly id: string;
  readonly #log: Log;
  readonly #limits: Limits;
  readonly #memory: LessonMemory;
  readonly #tell: Tell;
  /** Null where it would have to be read again. */
  #inMemory: Lesson | null = null;
  #idle: NodeJS.Timeout | undefined;
  /** Of its events, as far as they are in memory. */
  readonly #keys = new Set<string>();
  /** Bytes of its events. */
  #size = 0;
  /** Number of the last event that has been told; 0 before the lesson was read for the first time. */
  #told = 0;
  #lastTurn: Promise<unknown> = Promise.resolve();

  private constructor(id: string, log: Log, limits: Limits, memory: LessonMemory, tell: Tell) {
    this.id = id;
    this.#log = log;
    this.#limits = limits;
    this.#memory = memory;
    this.#tell = tell;
  }

  /**
   * Opens the lesson at an address; null where there is none.
   * @throws Unreadable where it is damaged
   */
  static async at(
    id: string,
    log: Log,
    limits: Limits,
    memory: LessonMemory,
    tell: Tell,
    spend: Spend,
  ): Promise<OpenLesson | null> {
    const lesson = new OpenLesson(id, log, limits, memory, tell);
    let found = false;
    try {
      found = (await lesson.inTurn(() => lesson.now(spend))).seq > 0;
      return found ? lesson : null;
    } finally {
      if (!found) await lesson.close();
    }
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#lastTurn;
    clearTimeout(this.#idle);
    this.forget();
    this.#memory.leave(this);
  }

  /** Makes room; the lesson is read again when it is asked for. */
  forget(): void {
    this.#inMemory = null;
    this.#keys.clear();
  }

  /** Everything that reads the lesson in order to change it happens one at a time, in order of arrival. */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    clearTimeout(this.#idle);
    // Its drives are what a lesson is heavy with.
    this.#idle = setTimeout(() => {
      this.forget();
      this.#memory.leave(this);
    }, 1000 * this.#limits.idle);
    const turn = this.#lastTurn.then(task);
    this.#lastTurn = turn.catch(() => {});
    return turn;
  }

  /** The lesson as it stands. In turn only. */
  async now(spend: Spend): Promise<Lesson> {
    if (!this.#inMemory) {
      const isKnown = this.#told > 0;
      let lesson = emptyLesson;
      this.#size = 0;
      this.#keys.clear();
      for await (const { rows, last } of this.#log.stretches(this.id, 0, spend)) {
        const events = eventsIn(rows, last);
        lesson = events.reduce(apply, lesson);
        for (const [i, event] of events.entries()) {
          this.#size += rows[i]!.body.length;
          this.#keys.add(rows[i]!.key);
          // Another process may have written while the lesson was not in memory.
          if (isKnown) this.#hear(event, rows[i]!);
        }
      }
      this.#inMemory = lesson;
      this.#told = Math.max(this.#told, lesson.seq);
    }
    const lesson = this.#inMemory;
    this.#memory.use(this, this.#size);
    return lesson;
  }

  /** What was done under a key, if anything was; a refusal where that was something else. */
  async done({ key, print }: Change): Promise<Done | Refusal | null> {
    // Nothing that is known here; what another process wrote, whoever writes next comes upon.
    if (this.#inMemory && !this.#keys.has(key)) return null;
    const found = await this.#log.find(this.id, key);
    if (!found) return null;
    return found.print === null || found.print === print ? { seq: found.seq } : otherRequest;
  }

  /**
   * Makes what `decide` says an event of the lesson, with the policy that it brought about, if any,
   * unless that has been done under this key. In turn only.
   * @throws NotStored where the disk does not take it
   */
  async write(change: Change, decide: Decision, policy?: string): Promise<Done | Refusal> {
    const { key, print, spend } = change;
    for (;;) {
      // What has been done is not decided once more.
      const done = await this.done(change);
      if (done) return done;
      const lesson = await this.now(spend);
      const full = this.#size >= 1e6 * this.#limits.lessonSize || lesson.seq >= mostEvents;
      const event = full ? tooLarge : decide(lesson);
      if (!isRefusal(event)) {
        const row = { key, print, event, policy };
        const stored = await this.#log.append(this.id, lesson.seq + 1, row, spend);
        if (stored) {
          this.#take(stored.event, stored.row);
          return { seq: stored.event.seq };
        }
      }
      // Another process may have written, and that may be why it cannot be done.
      const { seq } = await this.caughtUp(spend);
      if (isRefusal(event) && seq === lesson.seq) return event;
    }
  }

  /** The lesson with what another process may have written while it had it open, too. In turn only. */
  async caughtUp(spend: Spend): Promise<Lesson> {
    const { seq } = await this.now(spend);
    for await (const { rows, last } of this.#log.stretches(this.id, seq, spend))
      for (const [i, event] of eventsIn(rows, last).entries()) this.#take(event, rows[i]!);
    return this.now(spend);
  }

  #take(event: LessonEvent, row: Row): void {
    this.#inMemory &&= apply(this.#inMemory, event);
    this.#size += row.body.length;
    this.#keys.add(row.key);
    this.#hear(event, row);
  }

  #hear(event: LessonEvent, row: Row): void {
    if (event.seq <= this.#told) return;
    this.#told = event.seq;
    this.#tell(event, jsonOf(row, event.seq));
  }
}

/** Of the work that is under way, too. */
export const otherRequest: Refusal = {
  code: "other-request",
  reason: "This key has been used for another request.",
};

const tooLarge: Refusal = {
  code: "full",
  reason: "This lesson has reached its size; start another.",
};
