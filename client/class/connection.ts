import { signal } from "@preact/signals";
import type { Room, SeatReservation } from "colyseus.js";
import { timeLeft } from "../../shared/class/pace.ts";
import type {
  ClassAnswers,
  ClassEntry,
  ClassRequest,
  ClassRequestName,
  ClassState,
} from "../../shared/class/room.ts";
import { Dialler, Line } from "../net/line.ts";
import { NoAnswer, post } from "../net/post.ts";
import { isFinal } from "./asking.ts";
import { type ClassView, viewOf } from "./view.ts";

/** Milliseconds to wait for a seat, and between attempts to come back. */
const patience = 5000;
const firstPause = 500;
const longestPause = 8000;
/** How often one looks whether a class still waits whose time is over, ms. */
const betweenLooks = 60_000;

const noLine =
  "The class was found, but the live connection to it (a websocket) does not get through: a proxy, a firewall or a " +
  "browser extension may block it. The page keeps trying.";

/** When a page finds itself in another world than before. */
const signs = ["online", "pageshow", "focus"] as const;

/** A class as its room tells it. When the line drops it joins again. */
export class ClassConnection {
  /** The class at this moment; null before it is known. */
  readonly view = signal<ClassView | null>(null);
  /** Whether what is known is what is so. */
  readonly isLive = signal(false);
  /** Why there is no class for whoever comes with this entry, for good; null otherwise. */
  readonly failure = signal<string | null>(null);
  /** Why the class cannot be reached at the moment, in words. */
  readonly obstacle = signal<string | null>(null);
  /** Whether the time that the teacher set is over, so that everybody stops. */
  readonly isTimeUp = signal(false);
  #timeUp: ReturnType<typeof setTimeout> | undefined;
  readonly #entry: ClassEntry;
  readonly #client = new Dialler(new URL(".", location.href).href);
  #isClosed = false;
  #line: Promise<Line>;
  /** How far the server's clock is ahead of this one, ms. */
  #ahead = 0;
  #isDue = false;

  constructor(entry: ClassEntry) {
    this.#entry = entry;
    this.#line = this.#join();
    this.#line.catch(() => {});
    for (const sign of signs) addEventListener(sign, this.#probe);
  }

  /** The time by the server's clock, ms since 1970. */
  get now(): number {
    return Date.now() + this.#ahead;
  }

  /** @throws Refused where the answer is no, Error where the line drops before it */
  async ask<N extends ClassRequestName>(name: N, body: ClassRequest<N>): Promise<ClassAnswers[N]> {
    return (await this.#line).send(name, body);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timeUp);
    for (const sign of signs) removeEventListener(sign, this.#probe);
    this.#line.then(
      ({ room }) => {
        if (room.connection.isOpen) void room.leave();
      },
      () => {},
    );
  }

  async #join(): Promise<Line> {
    for (let pause = firstPause; ; pause = Math.min(longestPause, 2 * pause)) {
      if (this.#isClosed) throw new Error("the page has left");
      try {
        const seat = await post<SeatReservation>(
          "/matchmake/joinOrCreate/class",
          this.#entry,
          patience,
        );
        const line = this.#enter(await this.#client.take(seat));
        this.obstacle.value = null;
        return line;
      } catch (error) {
        if (error instanceof NoAnswer && isFinal(error.status)) {
          this.failure.value = error.message;
          throw error;
        }
        this.obstacle.value = error instanceof NoAnswer ? error.message : noLine;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  #enter(room: Room): Line {
    room.reconnection.enabled = false;
    const line = new Line(room, () => this.#comeBack());
    room.onStateChange(() => this.#look(room));
    void this.#setClock(line);
    return line;
  }

  /** Takes in what has changed, once a frame at most: thirty pupils change one after the other. */
  #look(room: Room): void {
    if (this.#isDue) return;
    this.#isDue = true;
    // Pages in the background get no frames, and still know what is going on.
    setTimeout(() => {
      this.#isDue = false;
      if (this.#isClosed) return;
      this.view.value = viewOf(room.state as unknown as ClassState);
      this.isLive.value = true;
      this.#watchTime();
    }, 16);
  }

  #watchTime(): void {
    clearTimeout(this.#timeUp);
    const left = timeLeft({ endsAt: this.view.peek()?.endsAt || null }, this.now);
    this.isTimeUp.value = left === 0;
    // Once it is over, it still passes that nobody waits any more.
    if (left !== null) this.#timeUp = setTimeout(() => this.#watchTime(), left || betweenLooks);
  }

  async #setClock(line: Line): Promise<void> {
    const asked = Date.now();
    const { now } = await line
      .send<ClassAnswers["clock"]>("clock", {})
      .catch(() => ({ now: asked }));
    this.#ahead = now - (asked + Date.now()) / 2;
    this.#watchTime();
  }

  /** A line may have died while a phone slept or was between networks: look at once. */
  readonly #probe = (): void => {
    void this.#line.then(
      (line) => line.probe(),
      () => {},
    );
  };

  #comeBack(): void {
    if (this.#isClosed) return;
    this.isLive.value = false;
    this.#line = this.#join();
    this.#line.catch(() => {});
  }
}
