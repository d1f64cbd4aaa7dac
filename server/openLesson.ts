import {
  apply,
  emptyLesson,
  type Lesson,
  type LessonEvent,
  type NewEvent,
} from "../shared/lesson.ts";
import { type Done, isRefusal, type Refusal } from "../shared/protocol.ts";
import type { Log } from "./log.ts";
import type { Limits } from "./settings.ts";

/** What is to become of a lesson as it stands. */
export type Decision = (lesson: Lesson) => NewEvent | Refusal;

/**
 * A lesson that someone has open: its log, and the lesson itself for as long as it is asked for. A
 * change is written first, then taken in, then told.
 */
export class OpenLesson {
  readonly id: string;
  readonly #log: Log;
  readonly #limits: Limits;
  readonly #tell: (event: LessonEvent) => void;
  /** Null where it would have to be read again. */
  #inMemory: Lesson | null = null;
  #idle: NodeJS.Timeout | undefined;
  /** Bytes of its events. */
  #size = 0;
  #lastTurn: Promise<unknown> = Promise.resolve();

  private constructor(id: string, log: Log, limits: Limits, tell: (event: LessonEvent) => void) {
    this.id = id;
    this.#log = log;
    this.#limits = limits;
    this.#tell = tell;
  }

  /**
   * Opens the lesson at an address; null where there is none.
   * @param tell told each event once it is on disk
   * @throws Unreadable where it is damaged
   */
  static async at(
    id: string,
    log: Log,
    limits: Limits,
    tell: (event: LessonEvent) => void,
  ): Promise<OpenLesson | null> {
    const lesson = new OpenLesson(id, log, limits, tell);
    let found = false;
    try {
      found = (await lesson.inTurn(() => lesson.now())).seq > 0;
      lesson.#size = await log.size(id);
      return found ? lesson : null;
    } finally {
      if (!found) await lesson.close();
    }
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#lastTurn;
    clearTimeout(this.#idle);
  }

  /** Everything that reads the lesson in order to change it happens one at a time, in order of arrival. */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    clearTimeout(this.#idle);
    // Its drives are what a lesson is heavy with.
    this.#idle = setTimeout(() => {
      this.#inMemory = null;
    }, 1000 * this.#limits.idle);
    const turn = this.#lastTurn.then(task);
    this.#lastTurn = turn.catch(() => {});
    return turn;
  }

  /** The lesson as it stands. In turn only. */
  async now(): Promise<Lesson> {
    this.#inMemory ??= (await this.#log.events(this.id)).reduce(apply, emptyLesson);
    return this.#inMemory;
  }

  /** What was done under `key`, if anything was. */
  async done(key: string): Promise<Done | null> {
    const seq = await this.#log.find(this.id, key);
    return seq === undefined ? null : { seq };
  }

  /**
   * Makes what `decide` says an event of the lesson, with the policy that it brought about, if any,
   * unless that has been done under this key. In turn only.
   * @throws NotStored where the disk does not take it
   */
  async write(key: string, decide: Decision, policy?: string): Promise<Done | Refusal> {
    for (;;) {
      const lesson = await this.now();
      const full = this.#size >= 1e6 * this.#limits.lessonSize;
      const event = full ? tooLarge : decide(lesson);
      if (!isRefusal(event)) {
        const stored = await this.#log.append(this.id, lesson.seq + 1, key, event, policy);
        if (stored) {
          this.#size += JSON.stringify(event).length;
          this.#take(stored);
          return { seq: stored.seq };
        }
      }
      // It may have been done already, which may be why it cannot be done.
      const done = await this.done(key);
      if (done) return done;
      const { seq } = await this.caughtUp();
      if (isRefusal(event) && seq === lesson.seq) return event;
    }
  }

  /** The lesson with what another process may have written while it had it open, too. In turn only. */
  async caughtUp(): Promise<Lesson> {
    const { seq } = await this.now();
    for (const event of await this.#log.events(this.id, seq)) this.#take(event);
    return this.now();
  }

  #take(event: LessonEvent): void {
    this.#inMemory &&= apply(this.#inMemory, event);
    this.#tell(event);
  }
}

const tooLarge: Refusal = {
  code: "full",
  reason: "This lesson has reached its size; start another.",
};
