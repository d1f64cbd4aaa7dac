import { type ReadonlySignal, signal } from "@preact/signals";
import { Client, type Room, type SeatReservation, ServerError } from "colyseus.js";
import { apply, type LessonEvent, read } from "../../shared/lesson/fold.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import {
  type Done,
  type Entry,
  type EventMessage,
  eventMessage,
  type LearnedPolicy,
  type Page,
  type Progress,
  progressMessage,
  type Race,
} from "../../shared/lesson/protocol.ts";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import type { ChangeName, Request, RequestName } from "../../shared/lesson/requests.ts";
import { type Letter, Outbox } from "./outbox.ts";
import { NoAnswer, post } from "./post.ts";
import { judgeSecret, secretOf } from "./secrets.ts";

/** The server's "no", in words for a person. */
export class Refused extends Error {
  readonly code: Refusal["code"];

  constructor({ code, reason }: Refusal) {
    super(reason);
    this.name = "Refused";
    this.code = code;
  }
}

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
/** Those that a person can do something about: what was asked for is kept for another page. */
const mendable: readonly Refusal["code"][] = ["damaged", "not-yours"];
/** Statuses with which the server says that there is no lesson at the address, and never will be. */
const final: readonly (number | null)[] = [400, 404, 410];
/** Attempts to come back that fail before one is told why: a restart of the server takes fewer. */
const fewAttempts = 4;

/** Why a lesson cannot be opened, in words, and what is above them where that is not that there is none. */
interface Failure {
  readonly title?: string;
  readonly reason: string;
}

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
  readonly failure = signal<Failure | null>(null);
  /** Why it has not been opened, or come back, so far; null while there is nothing to say. */
  readonly obstacle = signal<string | null>(null);
  /** Why something waits that was asked for, in the server's words; null while nothing does. */
  readonly trouble = signal<string | null>(null);
  /** Why something could not be done that an earlier page had asked for; null where all was. */
  readonly mishap = signal<string | null>(null);
  /** How much has been asked for and not acknowledged. */
  readonly unsent = signal(0);
  /** What the server is computing for this lesson. */
  readonly work = signal<Progress | null>(null);
  readonly #id: string;
  readonly #client = new Dialler(new URL(".", location.href).href);
  readonly #outbox: Outbox;
  /** Settles once all that was asked for so far has been dealt with, but for work. */
  #lastTurn: Promise<unknown> = Promise.resolve();
  /** Events by number that came before those that they follow on. */
  readonly #early = new Map<number, LessonEvent>();
  #catchingUp: Room | null = null;
  /** Of the log that the lesson was read from; null before it was. */
  #epoch: string | null = null;
  #line: Promise<Line>;
  #closed = false;

  constructor(id: string) {
    this.#id = id;
    this.#outbox = new Outbox(id);
    this.#line = this.#join();
    // Whoever asks for something sees it.
    this.#line.catch(() => {});
    this.#sendLeftovers();
    for (const sign of signs) addEventListener(sign, this.#probe);
  }

  /** Asks for a change; resolves once it is on disk. @throws Refused where the server says no */
  async request<K extends ChangeName>(name: K, body: Omit<Request<K>, "key">): Promise<Done> {
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
      // What was refused for good is dealt with; all else is kept for another page.
      if (error instanceof Refused && !mendable.includes(error.code)) settled();
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
          const passes = passing.includes(error.code);
          this.trouble.value = passes ? error.message : null;
          if (!passes) throw error;
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
      throw refusedIn(error) ?? error;
    }
  }

  async #join(): Promise<Line> {
    // Seats in a row that could not be taken.
    let untaken = 0;
    for (let attempt = 1, pause = firstPause; ; attempt++) {
      if (this.#closed || this.failure.peek()) throw new Error("the page has left");
      try {
        const seat = await reserve(this.#id);
        untaken++;
        const line = await this.#enter(await this.#client.take(seat));
        this.obstacle.value = null;
        return line;
      } catch (error) {
        if (!(error instanceof NoAnswer)) {
          // One may be lost to a server that stops.
          if (untaken > 1) this.obstacle.value = whyNotTaken(error);
        } else if (final.includes(error.status)) {
          this.failure.value = { reason: error.message };
          throw error;
        } else {
          untaken = 0;
          const enough = this.status.peek() === "lost" ? fewAttempts : 1;
          if (attempt >= enough) this.obstacle.value = error.message;
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
        pause = Math.min(longestPause, 2 * pause);
      }
    }
  }

  async #enter(room: Room): Promise<Line> {
    room.reconnection.enabled = false;
    room.onMessage(eventMessage, (event: EventMessage) => this.#hear(room, event));
    room.onMessage(progressMessage, (progress: Progress) => {
      this.work.value = progress.share === null ? null : progress;
    });
    try {
      await this.#catchUp(room);
      if (judgeSecret(this.#id, this.owner.peek())) throw new Error("another secret");
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

  /** Takes in an event that was told while one is in the room. */
  #hear(room: Room, event: EventMessage): void {
    try {
      this.#take(room, this.#read(`[${event}]`));
    } catch {
      // Joining again would be of no use: it is said that this page cannot go on.
      void room.leave();
    }
  }

  /** Events from the JSON of an array. @throws Error where this page does not know their form; it says so */
  #read(json: string): LessonEvent[] {
    try {
      return (JSON.parse(json) as unknown[]).map(read);
    } catch (error) {
      this.failure.value = tooOld;
      throw error;
    }
  }

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
    let restored = false;
    try {
      for (let more = true; more; ) {
        const known = restored ? 0 : this.lesson.value.seq;
        const since = missing.at(-1)?.seq ?? known;
        const page = await room.request<unknown, Page>("events", { since });
        this.owner.value = page.owner;
        if (this.#epoch !== null && page.epoch !== this.#epoch) {
          // A backup has been restored, in which the same numbers may mean other events.
          restored = true;
          missing.length = 0;
          this.#early.clear();
        } else {
          missing.push(...this.#read(page.events));
          more = page.more;
        }
        this.#epoch = page.epoch;
      }
    } finally {
      // A room that is gone may answer, or time out, long after the next has begun.
      if (this.#catchingUp === room) this.#catchingUp = null;
    }
    if (restored) this.lesson.value = missing.reduce(apply, emptyLesson);
    this.#take(room, missing);
  }
}

/**
 * Asks for a seat in the lesson's room, as Colyseus' client does, which has no limit for how long.
 * @throws NoAnswer
 */
function reserve(lesson: string): Promise<SeatReservation> {
  const secret = secretOf(lesson);
  const entry: Entry = { lesson, ...(secret !== undefined && { secret }) };
  return post<SeatReservation>("/matchmake/joinOrCreate/lesson", entry, silence);
}

/** Colyseus' client, which does not wait for ever. */
class Dialler extends Client {
  #room: Room | null = null;

  /** Takes a seat, unless that is impossible or takes too long. */
  async take(seat: SeatReservation): Promise<Room> {
    const joined = this.consumeSeatReservation(seat);
    const room = this.#room!;
    let timer: ReturnType<typeof setTimeout>;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        // Until a browser gives up by itself, it lets no other websocket be opened.
        room.connection.close();
        reject(new Error("no answer"));
      }, silence);
    });
    try {
      return await Promise.race([joined, timeout]);
    } finally {
      clearTimeout(timer!);
    }
  }

  protected override createRoom<T>(name: string) {
    const room = super.createRoom<T>(name);
    this.#room = room;
    return room;
  }
}

/** Why a seat could not be taken, in words. A browser does not tell why a websocket was not opened. */
function whyNotTaken(error: unknown): string {
  if (error instanceof ServerError && error.code === 500) return error.message;
  return (
    refusedIn(error)?.message ??
    "The lesson was found, but the live connection to it (a websocket) does not get through. A " +
      "proxy, a firewall or a browser extension may block it, or too many lessons are open at your address."
  );
}

/** The server's "no", where that is what went wrong. */
function refusedIn(error: unknown): Refused | null {
  const { name, reason } = error as Error & { reason?: Refusal };
  if (name === "rejected") return new Refused(reason!);
  // Page and server are of different versions.
  const words = "The server does not know how to do this; load the page again.";
  return name === "no_handler" ? new Refused({ code: "malformed", reason: words }) : null;
}

/** The server reads all that it tells, so that the page is not of its version. */
const tooOld: Failure = {
  title: "Load the page again",
  reason: "This page is older than the server and cannot read the lesson, which is safe.",
};

/** When a page finds itself in another world than before. */
const signs = ["online", "pageshow", "focus"] as const;

/** What a request is known by. Browsers have UUIDs only where the page came over https. */
function newKey(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
}
