import { apply, fold, type LessonEvent, type NewEvent } from "../fold.ts";
import { emptyLesson, type Lesson } from "../lesson.ts";
import { finishedTask } from "../locks.ts";
import { eventsIn, jsonOf, type Log, type Row, type Spend } from "../log.ts";
import type { Done } from "../protocol.ts";
import { isRefusal, type Refusal } from "../refusal.ts";
import { heapOf } from "./lessonMemory.ts";
import type { Audience, Platform } from "./platform.ts";
import { otherRequest, tooLarge } from "./refusals.ts";

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

/** Told each event as {@link Audience} is, and the lesson after it, or after more of them. */
export type Tell = (...told: [...Parameters<Audience["wrote"]>, Lesson]) => void;

/**
 * A lesson that someone has open: its log, and the lesson itself for as long as it is asked for. A
 * change is written first, then taken in, then told.
 */
export class OpenLesson {
  readonly id: string;
  readonly #platform: Platform;
  readonly #log: Log;
  readonly #tell: Tell;
  /** Null where it would have to be read again. */
  #inMemory: Lesson | null = null;
  /** Keeps it in memory for longer. */
  #stay = () => {};
  /** Of its events, as far as they are in memory. */
  #keys = new Set<string>();
  /** Bytes of its events. */
  #size = 0;
  /** Number of the last event that has been told; 0 before the lesson was read for the first time. */
  #told = 0;
  #lastTurn: Promise<unknown> = Promise.resolve();
  /** How many are in turn, or wait for it. */
  #nTurns = 0;

  private constructor(id: string, platform: Platform, tell: Tell) {
    this.id = id;
    this.#platform = platform;
    this.#log = platform.log;
    this.#tell = tell;
  }

  /**
   * Opens the lesson at an address; null where there is none.
   * @param tell see {@link Tell}
   * @throws Unreadable where it is damaged
   */
  static async at(
    id: string,
    platform: Platform,
    tell: Tell,
    spend: Spend,
  ): Promise<OpenLesson | null> {
    const lesson = new OpenLesson(id, platform, tell);
    let found = false;
    try {
      found = (await lesson.inTurn(spend, () => lesson.now(spend))).seq > 0;
      return found ? lesson : null;
    } finally {
      if (!found) await lesson.close();
    }
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#lastTurn;
    this.#stay();
    this.#leave();
  }

  /** Makes room; the lesson is read again when it is asked for. */
  forget(): void {
    this.#inMemory = null;
    this.#keys = new Set();
  }

  /**
   * Everything that reads the lesson in order to change it happens one at a time, in order of arrival, and
   * at the cost of whoever asked for it, not of those whom it waited for.
   */
  inTurn<T>(spend: Spend, task: () => Promise<T>): Promise<T> {
    const { clock, bounds } = this.#platform;
    this.#stay();
    // Its drives are what a lesson is heavy with.
    this.#stay = clock.after(bounds.idle, () => this.#leave());
    const waits = this.#nTurns++ > 0;
    const turn = this.#lastTurn.then(async () => {
      if (waits) await clock.turn(spend);
      return task();
    });
    this.#lastTurn = turn
      .catch(() => {})
      .then(() => {
        this.#nTurns--;
      });
    return turn;
  }

  /** The lesson as it stands. In turn only. */
  async now(spend: Spend): Promise<Lesson> {
    if (!this.#inMemory) {
      const isKnown = this.#told > 0;
      let lesson = emptyLesson;
      let size = 0;
      const keys = new Set<string>();
      for await (const { rows, last } of this.#log.stretches(this.id, 0, spend)) {
        const events = eventsIn(rows, last);
        lesson = fold(lesson, events);
        for (const [i, event] of events.entries()) {
          size += rows[i]!.body.length;
          keys.add(rows[i]!.key);
          // Another process may have written while the lesson was not in memory.
          if (isKnown) this.#hear(event, rows[i]!, lesson);
        }
      }
      await this.#platform.clock.turn(spend);
      // All at once: meanwhile it may have been forgotten again.
      this.#inMemory = lesson;
      this.#size = size;
      this.#keys = keys;
      this.#told = Math.max(this.#told, lesson.seq);
    }
    const lesson = this.#inMemory;
    this.#platform.memory.use(this, heapOf(this.#size));
    return lesson;
  }

  /** What was done under a key, if anything was; a refusal where that was something else. */
  async done({ key, print }: Pick<Change, "key" | "print">): Promise<Done | Refusal | null> {
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
      const full = this.#size >= this.#platform.bounds.lessonSize || lesson.seq >= mostEvents;
      // What was worked out meanwhile comes too late, too.
      const event = lesson.isFinished ? finishedTask : full ? tooLarge : decide(lesson);
      if (!isRefusal(event)) {
        const row = { key, print, event, policy };
        const stored = await this.#log.append(this.id, lesson.seq + 1, row, spend);
        if (stored) {
          this.#take(stored.event, stored.row, apply(lesson, stored.event));
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
    let lesson = await this.now(spend);
    for await (const { rows, last } of this.#log.stretches(this.id, lesson.seq, spend))
      for (const [i, event] of eventsIn(rows, last).entries()) {
        lesson = apply(lesson, event);
        this.#take(event, rows[i]!, lesson);
      }
    await this.#platform.clock.turn(spend);
    return this.now(spend);
  }

  #leave(): void {
    this.forget();
    this.#platform.memory.leave(this);
  }

  /** @param after the lesson after the event */
  #take(event: LessonEvent, row: Row, after: Lesson): void {
    this.#inMemory &&= after;
    this.#size += row.body.length;
    this.#keys.add(row.key);
    this.#hear(event, row, after);
  }

  #hear(event: LessonEvent, row: Row, lesson: Lesson): void {
    if (event.seq <= this.#told) return;
    this.#told = event.seq;
    this.#tell(event, jsonOf(row, event.seq), lesson);
  }
}
