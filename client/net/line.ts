import { Client, type Room, type SeatReservation, ServerError } from "colyseus.js";
import type { Entry } from "../../shared/lesson/protocol.ts";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import { post } from "./post.ts";
import { secretOf } from "./secrets.ts";
import { Refused } from "./session.ts";

/** Milliseconds to wait for an answer. A network may be minutes in training; all else is instant. */
const patience = 10 * 60_000;
/** Milliseconds between signs of life that the server is asked for, and that it has for one. */
const heartbeat = 10_000;
const silence = 5000;

/** A room that one is in, until it is gone. */
export class Line {
  readonly room: Room;
  /** Rejects once the line has dropped, whether or not the browser has noticed. */
  readonly #gone: Promise<never>;
  #drop = () => {};
  #isLeft = false;
  readonly #left: () => void;
  readonly #beating = setInterval(() => this.probe(), heartbeat);
  #silent: ReturnType<typeof setTimeout> | undefined;

  /** @param left called once it has dropped, or has been silent for too long */
  constructor(room: Room, left: () => void) {
    this.room = room;
    this.#left = left;
    this.#gone = new Promise<never>((_, reject) => {
      this.#drop = () => reject(new Error("the line dropped"));
    });
    // Whoever has asked for something sees it; nobody else needs to.
    this.#gone.catch(() => {});
    room.onLeave(() => this.#leave());
  }

  /** @throws Refused where the server says no */
  async send<Answer>(name: string, body: object): Promise<Answer> {
    try {
      const answer = this.room.request<unknown, Answer>(name, body, { timeout: patience });
      return await Promise.race([answer, this.#gone]);
    } catch (error) {
      throw refusedIn(error) ?? error;
    }
  }

  /** Asks for a sign of life, and gives the line up where there is none. */
  probe(): void {
    // Of several questions at once only the last would be answered.
    if (this.#silent !== undefined) return;
    this.#silent = setTimeout(() => {
      this.#leave();
      this.room.connection.close();
    }, silence);
    this.room.ping(() => {
      clearTimeout(this.#silent);
      this.#silent = undefined;
    });
  }

  #leave(): void {
    if (this.#isLeft) return;
    this.#isLeft = true;
    clearInterval(this.#beating);
    clearTimeout(this.#silent);
    this.#drop();
    this.#left();
  }
}

/**
 * Asks for a seat in the lesson's room, as Colyseus' client does, which has no limit for how long.
 * @throws NoAnswer
 */
export function reserve(lesson: string): Promise<SeatReservation> {
  const secret = secretOf(lesson);
  const entry: Entry = { lesson, ...(secret !== undefined && { secret }) };
  return post<SeatReservation>("/matchmake/joinOrCreate/lesson", entry, silence);
}

/** Colyseus' client, which does not wait for ever. */
export class Dialler extends Client {
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
export function whyNotTaken(error: unknown): string {
  if (error instanceof ServerError && error.code === 500) return error.message;
  return (
    refusedIn(error)?.message ??
    "The lesson was found, but the live connection to it (a websocket) does not get through. A " +
      "proxy, a firewall or a browser extension may block it. Or too many lessons are open from your network address."
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
