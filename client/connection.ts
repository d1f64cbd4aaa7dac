import { signal } from "@preact/signals";
import { Client, type Room } from "colyseus.js";
import { apply, emptyLesson, type LessonEvent } from "../shared/lesson.ts";
import {
  type Done,
  type Entry,
  eventMessage,
  type LearnedPolicy,
  type Page,
  type Progress,
  progressMessage,
  type Refusal,
  type Request,
  type RequestName,
} from "../shared/protocol.ts";
import { secretOf } from "./memory.ts";

/** The server's "no", in words for a person. */
export class Refused extends Error {
  readonly code: Refusal["code"];

  constructor({ code, reason }: Refusal) {
    super(reason);
    this.name = "Refused";
    this.code = code;
  }
}

/** A change to the lesson: every request but those that only read. */
export type Change = Exclude<RequestName, "events" | "policy" | "stop">;

/** Milliseconds between attempts to come back, at first and at most. */
const firstPause = 250;
const longestPause = 5000;
/** Milliseconds to wait for an answer. A network may be minutes in training; all else is instant. */
const patience = 10 * 60_000;

/**
 * The browser's copy of a lesson: what the server's log says and nothing else. When the line drops
 * it joins again and catches up; requests that were under way are sent again under the same key,
 * so that none is lost and none is done twice.
 */
export class LessonConnection {
  readonly lesson = signal(emptyLesson);
  readonly status = signal<"connecting" | "open" | "lost">("connecting");
  /** Whether this browser may teach in it; whoever may not looks on. */
  readonly owner = signal(true);
  /** Why the lesson cannot be opened at all; null while it can. */
  readonly failure = signal<string | null>(null);
  /** What the server is computing for this lesson. */
  readonly work = signal<Progress | null>(null);
  readonly #id: string;
  readonly #client = new Client(location.origin);
  #room: Promise<Room>;
  #closed = false;

  constructor(id: string) {
    this.#id = id;
    this.#room = this.#join();
  }

  /** Asks for a change; resolves once it is on disk. @throws Refused where the server says no */
  request<K extends Change>(name: K, body: Omit<Request<K>, "key">): Promise<Done> {
    return this.#insist<Done>(name, { ...body, key: crypto.randomUUID() });
  }

  /** What the last round learned. @throws Refused where nothing has been */
  policy(): Promise<LearnedPolicy> {
    return this.#insist<LearnedPolicy>("policy", {});
  }

  /** Breaks off what the server computes for this lesson, if anything; whoever asked for it is told. */
  async stop(): Promise<void> {
    const { key } = this.work.peek() ?? {};
    if (key) await this.#insist<object>("stop", { key });
  }

  /** Asks until there is an answer, whatever becomes of the line. */
  async #insist<Answer>(name: RequestName, body: object): Promise<Answer> {
    for (;;) {
      const room = await this.#room;
      try {
        return await this.#send<Answer>(room, name, body);
      } catch (error) {
        if (error instanceof Refused || this.#closed || this.failure.value) throw error;
        // The line dropped before the answer came. Wait until the room has been left, then ask again.
        await new Promise((resolve) => setTimeout(resolve, firstPause));
      }
    }
  }

  close(): void {
    this.#closed = true;
    this.#room.then(
      (room) => {
        if (room.connection.isOpen) void room.leave();
      },
      () => {},
    );
  }

  async #send<Answer>(room: Room, name: RequestName, body: unknown): Promise<Answer> {
    try {
      return await room.request<unknown, Answer>(name, body, { timeout: patience });
    } catch (error) {
      if ((error as Error).name === "rejected")
        throw new Refused((error as { reason: Refusal } & Error).reason);
      throw error;
    }
  }

  async #join(): Promise<Room> {
    for (let pause = firstPause; ; pause = Math.min(longestPause, 2 * pause)) {
      try {
        const secret = secretOf(this.#id);
        const entry: Entry = { lesson: this.#id, ...(secret !== undefined && { secret }) };
        return await this.#enter(await this.#client.joinOrCreate("lesson", entry));
      } catch (error) {
        if (isVerdict(error)) {
          this.failure.value = (error as Error).message;
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  async #enter(room: Room): Promise<Room> {
    room.reconnection.enabled = false;
    room.onMessage(eventMessage, (event: LessonEvent) => this.#take(room, [event]));
    room.onMessage(progressMessage, (progress: Progress) => {
      this.work.value = progress.share === null ? null : progress;
    });
    room.onLeave(() => {
      this.work.value = null;
      if (this.#closed) return;
      this.status.value = "lost";
      this.#room = this.#join();
      // Whoever awaits the room sees the failure; nobody else needs to.
      this.#room.catch(() => {});
    });
    await this.#catchUp(room);
    this.status.value = "open";
    return room;
  }

  #take(room: Room, events: readonly LessonEvent[]): void {
    const { seq } = this.lesson.value;
    const fresh = events.filter((event) => event.seq > seq);
    if (fresh.length === 0) return;
    if (fresh[0]!.seq > seq + 1) void this.#catchUp(room);
    else this.lesson.value = fresh.reduce(apply, this.lesson.value);
  }

  async #catchUp(room: Room): Promise<void> {
    for (let more = true; more; ) {
      const since = this.lesson.value.seq;
      const page = await room.request<unknown, Page>("events", { since });
      this.owner.value = page.owner;
      this.#take(room, page.events);
      more = page.more;
    }
  }
}

/** Whether there is no lesson at the address, and never will be; all else may pass. */
function isVerdict(error: unknown): boolean {
  const { code } = error as { code?: number };
  return code === 400 || code === 404;
}
