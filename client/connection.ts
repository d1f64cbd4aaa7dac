import { type ReadonlySignal, signal } from "@preact/signals";
import { Client, type Room, type SeatReservation } from "colyseus.js";
import { apply, emptyLesson, type LessonEvent } from "../shared/lesson.ts";
import {
  type Done,
  type Entry,
  eventMessage,
  type LearnedPolicy,
  type Page,
  type Progress,
  progressMessage,
  type Race,
  type Refusal,
  type Request,
  type RequestName,
} from "../shared/protocol.ts";
import { secretOf } from "./memory.ts";
import { type Letter, Outbox } from "./outbox.ts";

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
export type Change = Exclude<RequestName, "events" | "policy" | "race" | "stop">;

/** Milliseconds between attempts to come back, or to be served, at first and at most. */
const firstPause = 250;
const longestPause = 5000;
/** Milliseconds to wait for an answer. A network may be minutes in training; all else is instant. */
const patience = 10 * 60_000;
/** Milliseconds between signs of life that the server is asked for, and that it has for one. */
const heartbeat = 10_000;
const silence = 5000;
/** Refusals that pass by themselves: the request is made again. */
const passing: readonly Refusal["code"][] = ["not-stored", "too-many"];

/** A room that one is in, until it is gone. */
interface Line {
  readonly room: Room;
  /** Rejects once the line has dropped, whether or not the browser has noticed. */
  readonly gone: Promise<never>;
  /** Asks for a sign of life, and gives the line up where there is none. */
  readonly probe: () => void;
}

/**
 * The browser's copy of a lesson: what the server's log says and nothing else. When the line drops
 * it joins again and catches up; requests that were under way are sent again under the same key,
 * by another page too if this one was closed, so that none is lost and none is done twice.
 */
export class LessonConnection {
  readonly lesson = signal(emptyLesson);
  readonly status = signal<"connecting" | "open" | "lost">("connecting");
  /** Whether this browser may teach in it; whoever may not looks on. */
  readonly owner = signal(true);
  /** Why the lesson cannot be opened at all; null while it can. */
  readonly failure = signal<string | null>(null);
  /** Why something waits that was asked for, in the server's words; null while nothing does. */
  readonly trouble = signal<string | null>(null);
  /** Why something could not be done that an earlier page had asked for; null where all was. */
  readonly mishap = signal<string | null>(null);
  /** How much has been asked for and not acknowledged. */
  readonly unsent = signal(0);
  /** What the server is computing for this lesson. */
  readonly work = signal<Progress | null>(null);
  readonly #id: string;
  readonly #client = new Client(location.origin);
  readonly #outbox: Outbox;
  /** Settles once all that was asked for so far has been dealt with, but for work. */
  #lastTurn: Promise<unknown> = Promise.resolve();
  /** Events by number that came before those that they follow on. */
  readonly #early = new Map<number, LessonEvent>();
  #catchingUp: Room | null = null;
  #line: Promise<Line>;
  #closed = false;

  constructor(id: string) {
    this.#id = id;
    this.#outbox = new Outbox(id);
    this.#line = this.#join();
    this.#sendLeftovers();
    for (const sign of signs) addEventListener(sign, this.#probe);
  }

  /** Asks for a change; resolves once it is on disk. @throws Refused where the server says no */
  async request<K extends Change>(name: K, body: Omit<Request<K>, "key">): Promise<Done> {
    const letter = { name, body: { ...body, key: newKey() } };
    this.#outbox.put(letter);
    return this.#inTurn(letter);
  }

  /** How much of what is unsent the browser would not keep, so that it is gone with this page. */
  get unkept(): ReadonlySignal<number> {
    return this.#outbox.unkept;
  }

  /** What the last round learned. @throws Refused where nothing has been */
  policy(): Promise<LearnedPolicy> {
    return this.#insist<LearnedPolicy>("policy", {});
  }

  /** What the clone and the learner do on `seed`. @throws Refused where the server says no */
  race(seed: number): Promise<Race> {
    return this.#insist<Race>("race", { seed });
  }

  /** Breaks off what the server computes for this lesson, if anything; whoever asked for it is told. */
  async stop(): Promise<void> {
    const { key } = this.work.peek() ?? {};
    if (key) await this.#insist<object>("stop", { key });
  }

  close(): void {
    this.#closed = true;
    for (const sign of signs) removeEventListener(sign, this.#probe);
    this.#line.then(
      ({ room }) => {
        if (room.connection.isOpen) void room.leave();
      },
      () => {},
    );
  }

  /** What an earlier page left unsent goes before anything else. */
  #sendLeftovers(): void {
    for (const letter of this.#outbox.letters()) {
      this.#inTurn(letter).catch((error) => {
        if (error instanceof Refused) this.mishap.value = error.message;
      });
    }
  }

  /** Letters are delivered one after the other: one that has to wait is not overtaken. */
  #inTurn(letter: Letter): Promise<Done> {
    this.unsent.value++;
    const delivered = this.#lastTurn.then(() => this.#deliver(letter));
    // Work lasts; what comes after it need not wait for it.
    if (letter.name !== "train" && letter.name !== "infer")
      this.#lastTurn = delivered.catch(() => {});
    return delivered;
  }

  async #deliver(letter: Letter): Promise<Done> {
    const settled = () => {
      this.#outbox.take(letter);
      this.unsent.value--;
    };
    try {
      const done = await this.#insist<Done>(letter.name, letter.body);
      settled();
      return done;
    } catch (error) {
      // What was refused is dealt with; all else is kept for another page.
      if (error instanceof Refused) settled();
      throw error;
    }
  }

  /** Asks until there is an answer, whatever becomes of the line. */
  async #insist<Answer>(name: RequestName, body: object): Promise<Answer> {
    for (let pause = firstPause; ; pause = Math.min(longestPause, 2 * pause)) {
      const line = await this.#line;
      try {
        const answer = await this.#send<Answer>(line, name, body);
        this.trouble.value = null;
        return answer;
      } catch (error) {
        if (this.#closed || this.failure.value) throw error;
        if (error instanceof Refused) {
          if (!passing.includes(error.code)) throw error;
          this.trouble.value = error.message;
        }
        // Or the line dropped before the answer came. Wait until the room has been left.
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  async #send<Answer>({ room, gone }: Line, name: RequestName, body: unknown): Promise<Answer> {
    try {
      const answer = room.request<unknown, Answer>(name, body, { timeout: patience });
      return await Promise.race([answer, gone]);
    } catch (error) {
      if ((error as Error).name === "rejected")
        throw new Refused((error as { reason: Refusal } & Error).reason);
      throw error;
    }
  }

  async #join(): Promise<Line> {
    for (let pause = firstPause; ; pause = Math.min(longestPause, 2 * pause)) {
      try {
        const seat = await reserve(this.#id);
        const joined = this.#client.consumeSeatReservation(seat);
        return await this.#enter(await inTime(joined, (room) => room.leave()));
      } catch (error) {
        if (error instanceof Verdict) {
          this.failure.value = error.message;
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  async #enter(room: Room): Promise<Line> {
    room.reconnection.enabled = false;
    room.onMessage(eventMessage, (event: LessonEvent) => this.#take(room, [event]));
    room.onMessage(progressMessage, (progress: Progress) => {
      this.work.value = progress.share === null ? null : progress;
    });
    try {
      await this.#catchUp(room);
    } catch (error) {
      // Whoever tries again does so in another seat.
      void room.leave();
      throw error;
    }
    const line = this.#watch(room);
    this.status.value = "open";
    return line;
  }

  /** Joins again once the line has dropped, or has been silent for too long. */
  #watch(room: Room): Line {
    let drop = () => {};
    const gone = new Promise<never>((_, reject) => {
      drop = () => reject(new Error("the line dropped"));
    });
    // Whoever has asked for something sees it; nobody else needs to.
    gone.catch(() => {});
    let left = false;
    const leave = () => {
      if (left) return;
      left = true;
      clearInterval(beating);
      clearTimeout(silent);
      drop();
      this.work.value = null;
      if (this.#closed) return;
      this.status.value = "lost";
      this.#line = this.#join();
      this.#line.catch(() => {});
    };
    let silent: ReturnType<typeof setTimeout> | undefined;
    const probe = () => {
      // Of several questions at once only the last would be answered.
      if (silent !== undefined) return;
      silent = setTimeout(() => {
        leave();
        room.connection.close();
      }, silence);
      room.ping(() => {
        clearTimeout(silent);
        silent = undefined;
      });
    };
    const beating = setInterval(probe, heartbeat);
    room.onLeave(leave);
    return { room, gone, probe };
  }

  /** A line may have died while the machine slept or was between networks: look at once. */
  readonly #probe = (): void => {
    void this.#line.then(
      (line) => line.probe(),
      () => {},
    );
  };

  /** Takes events in in their order; those that came early wait for what is missing between. */
  #take(room: Room, events: readonly LessonEvent[]): void {
    for (const event of events) this.#early.set(event.seq, event);
    const fresh: LessonEvent[] = [];
    const { seq } = this.lesson.value;
    for (let next = this.#early.get(seq + 1); next; next = this.#early.get(next.seq + 1))
      fresh.push(next);
    if (fresh.length > 0) this.lesson.value = fresh.reduce(apply, this.lesson.value);
    for (const early of this.#early.keys())
      if (early <= this.lesson.value.seq) this.#early.delete(early);
    // Where it cannot, the line has dropped, and whoever joins again catches up.
    if (this.#early.size > 0) this.#catchUp(room).catch(() => {});
  }

  /** Takes what is missing all at once: a lesson that is half read is not one that ever was. */
  async #catchUp(room: Room): Promise<void> {
    if (this.#catchingUp === room) return;
    this.#catchingUp = room;
    const missing: LessonEvent[] = [];
    try {
      for (let more = true; more; ) {
        const since = missing.at(-1)?.seq ?? this.lesson.value.seq;
        const page = await room.request<unknown, Page>("events", { since });
        this.owner.value = page.owner;
        missing.push(...page.events);
        more = page.more;
      }
    } finally {
      // A room that is gone may answer, or time out, long after the next has begun.
      if (this.#catchingUp === room) this.#catchingUp = null;
    }
    this.#take(room, missing);
  }
}

/**
 * Asks for a seat in the lesson's room, as Colyseus' client does, which would wait for an answer as
 * long as the browser: for ever on a line that has died, of which a browser keeps several.
 * @throws Verdict where there is no such lesson
 */
async function reserve(lesson: string): Promise<SeatReservation> {
  const secret = secretOf(lesson);
  const entry: Entry = { lesson, ...(secret !== undefined && { secret }) };
  const response = await fetch("/matchmake/joinOrCreate/lesson", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(entry),
    signal: AbortSignal.timeout(silence),
  });
  const answer = await response.json();
  if (response.ok) return answer;
  const { reason } = answer as Refusal;
  throw [400, 404, 410].includes(response.status) ? new Verdict(reason) : new Error(reason);
}

/** What comes in time; what comes later than that is undone. A browser itself would wait for ever. */
async function inTime<T>(coming: Promise<T>, undo: (late: T) => void): Promise<T> {
  let late = false;
  let timer: ReturnType<typeof setTimeout>;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late = true;
      reject(new Error("no answer"));
    }, silence);
  });
  coming.then(
    (come) => {
      clearTimeout(timer);
      if (late) undo(come);
    },
    () => clearTimeout(timer),
  );
  return Promise.race([coming, timeout]);
}

/** When a page finds itself in another world than before. */
const signs = ["online", "pageshow", "focus"] as const;

/** What a request is known by. Browsers have UUIDs only where the page came over https. */
function newKey(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
}

/** There is no lesson at the address, and never will be; all else may pass. */
class Verdict extends Error {}
