import type { Room } from "colyseus.js";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import {
  type EventMessage,
  eventMessage,
  type Outside,
  outsideMessage,
  type Page,
  type Progress,
  progressMessage,
} from "../../shared/lesson/protocol.ts";
import type { RequestName } from "../../shared/lesson/requests.ts";
import { CopiedSession } from "./copiedSession.ts";
import { eventsOf } from "./copy.ts";
import { Dialler, Line, reserve, whyNotTaken } from "./line.ts";
import { NoAnswer } from "./post.ts";
import { judgeSecret } from "./secrets.ts";
import { firstPause, longestPause } from "./sending.ts";
import type { Failure } from "./session.ts";

/** Statuses with which the server says that there is no lesson at the address, and never will be. */
const final: readonly (number | null)[] = [400, 404, 410];
/** Attempts to come back that fail before one is told why: a restart of the server takes fewer. */
const fewAttempts = 4;

/**
 * A lesson that the server keeps, over Colyseus. When the line drops it joins again and catches up;
 * requests that were under way are sent again.
 */
export class LessonConnection extends CopiedSession {
  override readonly keptIn = "server";
  readonly #id: string;
  readonly #client = new Dialler(new URL(".", location.href).href);
  #catchingUp: Room | null = null;
  /** Of the log that the lesson was read from; null before it was. */
  #epoch: string | null = null;
  #line: Promise<Line>;

  constructor(id: string) {
    super(id);
    this.#id = id;
    this.#line = this.#join();
    // Whoever asks for something sees it.
    this.#line.catch(() => {});
    this.sending.sendLeftovers();
    for (const sign of signs) addEventListener(sign, this.#probe);
  }

  override close(): void {
    this.closed = true;
    for (const sign of signs) removeEventListener(sign, this.#probe);
    this.#line.then(
      ({ room }) => {
        if (room.connection.isOpen) void room.leave();
      },
      () => {},
    );
  }

  protected override async send<Answer>(name: RequestName, body: object): Promise<Answer> {
    return (await this.#line).send(name, body);
  }

  async #join(): Promise<Line> {
    // Seats in a row that could not be taken.
    let untaken = 0;
    for (let attempt = 1, pause = firstPause; ; attempt++) {
      if (this.closed || this.failure.peek()) throw new Error("the page has left");
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
    room.onMessage(progressMessage, (progress: Progress) => this.tellWork(progress));
    room.onMessage(outsideMessage, (said: Outside) => {
      this.outside.value = said;
    });
    try {
      await this.#catchUp(room);
      if (judgeSecret(this.#id, this.owner.peek())) throw new Error("another secret");
    } catch (error) {
      // Whoever tries again does so in another seat.
      void room.leave();
      throw error;
    }
    const line = new Line(room, () => this.#comeBack());
    this.status.value = "open";
    return line;
  }

  #comeBack(): void {
    this.work.value = null;
    if (this.closed) return;
    this.status.value = "lost";
    this.#line = this.#join();
    this.#line.catch(() => {});
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
      return eventsOf(json);
    } catch (error) {
      this.failure.value = tooOld;
      throw error;
    }
  }

  #take(room: Room, events: readonly LessonEvent[]): void {
    // Where it cannot catch up, the line has dropped, and whoever joins again does.
    if (this.copy.take(events)) this.#catchUp(room).catch(() => {});
  }

  /** Takes what is missing all at once: a lesson that is half read is not one that ever was. */
  async #catchUp(room: Room): Promise<void> {
    if (this.#catchingUp === room) return;
    this.#catchingUp = room;
    const missing: LessonEvent[] = [];
    let restored = false;
    try {
      for (let more = true; more; ) {
        const known = restored ? 0 : this.copy.seq;
        const since = missing.at(-1)?.seq ?? known;
        const page = await room.request<unknown, Page>("events", { since });
        this.owner.value = page.owner;
        if (this.#epoch !== null && page.epoch !== this.#epoch) {
          // A backup has been restored, in which the same numbers may mean other events.
          restored = true;
          missing.length = 0;
          this.copy.forgetEarly();
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
    if (restored) this.copy.replace(missing);
    this.#take(room, missing);
  }
}

/** The server reads all that it tells, so that the page is not of its version. */
const tooOld: Failure = {
  title: "Load the page again",
  reason: "This page is older than the server, so it cannot read the lesson. The lesson is safe.",
};

/** When a page finds itself in another world than before. */
const signs = ["online", "pageshow", "focus"] as const;
