import { setTimeout as wait } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { enter, eventsOf, join, type Participant, type RunningServer } from "../server/server.ts";

/** Milliseconds within which everyone in a room hears of what was acknowledged to one of them. */
const patience = 2000;

/**
 * Someone in a lesson who keeps an own copy of its log, as the page does: what there is when they come,
 * then what they are told, and where something is missing they ask for it.
 */
export class Reader {
  readonly someone: Participant;
  /** Number of the last event that is taken for known, so that it is not asked for. */
  readonly #since: number;
  readonly #view: LessonEvent[] = [];
  readonly #early = new Map<number, LessonEvent>();
  #asking: Promise<void> | null = null;
  /** Whether it was told two different things about one event. */
  #torn = false;

  private constructor(someone: Participant, since: number) {
    this.someone = someone;
    this.#since = since;
  }

  static async join(
    server: RunningServer,
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

  /** Whether the line to the server is cut. */
  get isGone(): boolean {
    return this.someone.left.length > 0 || !this.someone.room.connection.isOpen;
  }

  /** Takes in what it was told. Returns what is new to it, in order. */
  hear(): readonly LessonEvent[] {
    return this.#take(this.someone.heard.splice(0));
  }

  /** Resolves to whether it hears of event `seq` in time; whoever is cut off cannot. */
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

  /** Whether its copy is how the lesson's log begins. @param log from the first event on that it asked for */
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
