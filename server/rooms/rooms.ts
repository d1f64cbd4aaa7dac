import { setTimeout as pause } from "node:timers/promises";
import { matchMaker, ServerError } from "colyseus";
import type { Entry } from "../../shared/lesson/protocol.ts";
import type { Budget } from "../door/budget.ts";
import type { Limits } from "../settings.ts";

/** What a room is asked for with: what whoever joins said, and where they are. */
export interface Joining extends Entry {
  readonly address: string;
}

/** A lesson's room, as far as it matters who keeps it. */
export interface Kept {
  /** Whether nobody is in it. */
  readonly isVacant: boolean;
  /** Whether it computes something. */
  readonly isWorking: boolean;
  /** Of whoever opened it, or was in it last. */
  readonly address: string;
  /** Stops what it computes; whoever comes back may ask for it again. */
  abandon(): void;
}

type Seat = Awaited<ReturnType<typeof matchMaker.joinOrCreate>>;

/** Vacant rooms that an address may have computing for it. */
const mostVacant = 8;

/**
 * Which lessons are open in this process: one room each, however many ask for it at once, and no more
 * than there may be. A room that nobody is in goes on with its work, as whoever closes the page will
 * want to find the learner trained, but gives way to those that somebody is in.
 */
export class Rooms {
  readonly #limits: Limits;
  readonly #budget: Budget;
  /** Open rooms, the oldest first, by lesson. */
  readonly #open = new Map<string, Kept>();
  /** Lessons that are being opened, and for which address. */
  readonly #opening = new Map<string, string>();
  /** Settles once the lessons are open that an address has asked for so far. */
  readonly #lastOpening = new Map<string, Promise<void>>();
  /** The last who is being let in, by lesson. */
  readonly #entering = new Map<string, Promise<Seat>>();

  constructor(limits: Limits, budget: Budget) {
    this.#limits = limits;
    this.#budget = budget;
  }

  /**
   * A seat in a lesson's room, which is opened where it isn't yet.
   * @throws ServerError where there is none to be had
   */
  async seat(joining: Joining): Promise<Seat> {
    const { lesson, address } = joining;
    // One after the other, since Colyseus opens a room for each of those who ask while one is opened.
    // Where the one before could not be let in, neither can this one be.
    const before = this.#entering.get(lesson);
    const isOpening = !before && !this.#open.has(lesson);
    if (isOpening) {
      this.#makeWay(address);
      this.#opening.set(lesson, address);
    }
    const enter = () => matchMaker.joinOrCreate("lesson", joining);
    const seat = before ? before.then(enter) : isOpening ? this.#inTurn(address, enter) : enter();
    this.#entering.set(lesson, seat);
    try {
      return await seat;
    } finally {
      this.#opening.delete(lesson);
      if (this.#entering.get(lesson) === seat) this.#entering.delete(lesson);
    }
  }

  /** Opens lessons of an address one after the other, each when it is the address's due again. */
  #inTurn<T>(address: string, open: () => Promise<T>): Promise<T> {
    const opened = (this.#lastOpening.get(address) ?? Promise.resolve()).then(async () => {
      for (let ms = this.#budget.wait(address); ms > 0; ms = this.#budget.wait(address))
        await pause(ms);
      return open();
    });
    const settled = opened
      .catch(() => {})
      .then(() => {
        if (this.#lastOpening.get(address) === settled) this.#lastOpening.delete(address);
      });
    this.#lastOpening.set(address, settled);
    return opened;
  }

  /** Says that a lesson's room is open. */
  opened(lesson: string, room: Kept): void {
    this.#opening.delete(lesson);
    this.#open.set(lesson, room);
  }

  /** Says that it is not any more. */
  closed(lesson: string, room: Kept): void {
    if (this.#open.get(lesson) === room) this.#open.delete(lesson);
  }

  /** Says that someone has left a room, or that its work has ended. */
  left(room: Kept): void {
    if (!room.isVacant) return;
    const deserted = this.#deserted().filter(({ address }) => address === room.address);
    for (const one of deserted.slice(0, -mostVacant)) one.abandon();
  }

  /** Vacant rooms that are still there for their work, the oldest first. */
  #deserted(): Kept[] {
    return [...this.#open.values()].filter(({ isVacant, isWorking }) => isVacant && isWorking);
  }

  /** @throws ServerError where no further room may be opened */
  #makeWay(address: string): void {
    const vacant = [...this.#open.values()].filter((room) => room.isVacant);
    const takers = [...this.#opening.values(), ...vacant.map((room) => room.address)];
    if (takers.filter((taker) => taker === address).length >= this.#limits.connections)
      throw tooManyHere;
    if (this.#open.size + this.#opening.size < this.#limits.rooms) return;
    const [oldest] = this.#deserted();
    if (!oldest) throw tooMany;
    oldest.abandon();
  }
}

const tooMany = new ServerError(503, "Too many lessons are open; try again in a minute.");
const tooManyHere = new ServerError(
  429,
  "Too many lessons are open at your address; close one of them.",
);
