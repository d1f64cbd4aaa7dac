import { setTimeout as wait } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { enter, eventsOf, join, type Participant, type ServerAddress } from "../server/server.ts";

/** Time within which every client gets an acknowledged event, ms. */
const patience = 2000;

/**
 * A client with its own copy of a lesson's log, as the page has: the events when it joins, then those that
 * it is sent; missing ones it asks for.
 */
export class Reader {
  readonly someone: Participant;
  /** Number of the event after which the copy begins. */
  readonly #since: number;
  readonly #view: LessonEvent[] = [];
  readonly #early = new Map<number, LessonEvent>();
  #asking: Promise<void> | null = null;
  /** Whether it got two different events with one number. */
  #torn = false;

  private constructor(someone: Participant, since: number) {
    this.someone = someone;
    this.#since = since;
  }

  static async join(
    server: ServerAddress,
    lesson: string,
    as: "teacher" | "onlooker",
    since = 0,
  ): Promise<Reader> {
    const someone = await (as === "teacher" ? join(server, lesson) : enter(server, { lesson }));
    const reader = new Reader(someone, since);
    await reader.#ask();
    return reader;
  }

  /** Number of the last event of its copy. */
  get last(): number {
    return this.#since + this.#view.length;
  }

  /** Whether it is disconnected. */
  get isGone(): boolean {
    return this.someone.left.length > 0 || !this.someone.room.connection.isOpen;
  }

  /** Adds the received events to its copy. Returns the new ones, in order. */
  hear(): readonly LessonEvent[] {
    return this.#take(this.someone.heard.splice(0));
  }

  /** Resolves to whether it gets event `seq` in time; false when disconnected. */
  async hearsOf(seq: number): Promise<boolean> {
    const end = performance.now() + patience;
    for (;;) {
      this.hear();
      if (this.last >= seq || this.isGone) return true;
      if (performance.now() > end) return false;
      if (this.#early.size > 0) this.#asking ??= this.#ask();
      await wait(5);
    }
  }

  /** Whether its copy is a prefix of the log. @param log from the copy's first event on */
  agreesWith(log: readonly LessonEvent[]): boolean {
    this.hear();
    return !this.#torn && this.#view.every((event, i) => isDeepStrictEqual(log[i], event));
  }

  async #ask(): Promise<void> {
    try {
      this.#take(await eventsOf(this.someone, this.last));
    } catch (error) {
      if (!this.isGone) throw error;
    } finally {
      this.#asking = null;
    }
  }

  #take(events: readonly LessonEvent[]): readonly LessonEvent[] {
    const known = this.last;
    for (const event of events) {
      const before = this.#view[event.seq - this.#since - 1] ?? this.#early.get(event.seq);
      if (before && !isDeepStrictEqual(before, event)) this.#torn = true;
      if (event.seq > this.last) this.#early.set(event.seq, event);
      for (let next = this.#early.get(this.last + 1); next; ) {
        this.#early.delete(next.seq);
        this.#view.push(next);
        next = this.#early.get(this.last + 1);
      }
    }
    return this.#view.slice(known - this.#since);
  }
}
