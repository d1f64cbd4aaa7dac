import { setTimeout as pause } from "node:timers/promises";
import { matchMaker, ServerError } from "colyseus";
import type { Outside } from "../../shared/lesson/protocol.ts";
import type { Budget } from "../door/budget.ts";
import type { Limits } from "../settings.ts";

/** A client's request to join a lesson's room. */
export interface JoinRequest {
  readonly lesson: string;
  /** Whether they began the lesson. How that is known need not be told from process to process. */
  readonly owner: boolean;
  readonly address: string;
}

/** A lesson's room, as {@link Rooms} sees it. */
export interface OpenRoom {
  /** Whether it has no clients. */
  readonly isVacant: boolean;
  /** Whether training or inference is running. */
  readonly isWorking: boolean;
  /** Address of the client that opened it, or that joined or left last. */
  readonly address: string;
  /** Stops its work; clients may ask for it again later. */
  abandon(): void;
  /** Tells everyone in it what a program outside does. */
  tell(said: Outside): void;
  /** Takes in, and tells, what other processes have written. What goes wrong is reported. */
  catchUp(): Promise<void>;
  /** Closes it, and sends everyone away who is in it. */
  disconnect(code: number): void;
}

/** The other processes that share these lessons. Each lesson is open in one process at most. */
export interface Others {
  /** Lessons that they have open. */
  readonly rooms: number;
  /** Websockets of an address that they have open. */
  websockets(address: string): number;
  /** Whether any process has a lesson open. @throws ServerError where that is not to be known */
  isOpen(lesson: string): Promise<boolean>;
  /** A seat in a lesson's room, wherever that is. @throws ServerError where there is no seat */
  seat(request: JoinRequest): Promise<Seat>;
  /** To be called when a lesson's room has opened, has closed, or has written an event. */
  opened(lesson: string, room: OpenRoom): void;
  closed(lesson: string, room: OpenRoom): void;
  wrote(lesson: string, seq: number): void;
  /** Tells everyone who has the lesson open elsewhere what a program outside does. */
  tell(lesson: string, said: Outside): void;
}

export type Seat = Awaited<ReturnType<typeof matchMaker.joinOrCreate>>;

/** Most vacant rooms that work for one address. */
const mostVacant = 8;

/**
 * The lessons that are open in this process: one room each, even for simultaneous requests, and a limited
 * number. A vacant room finishes its work, so that a person who closes the page finds the learner
 * trained later, but it is closed when its place is needed.
 */
export class Rooms {
  readonly #limits: Limits;
  readonly #budget: Budget;
  readonly #others: Others | null;
  /** Open rooms by lesson, the oldest first. */
  readonly #open = new Map<string, OpenRoom>();
  /** Requests for lessons that are not open yet. */
  readonly #opening = new Set<JoinRequest>();
  /** Settles once all lessons that an address has asked for are open, by address. */
  readonly #lastOpening = new Map<string, Promise<void>>();
  /** The latest seat that is being reserved, by lesson. */
  readonly #entering = new Map<string, Promise<Seat>>();

  /** @param others processes that share these lessons; null where there are none */
  constructor(limits: Limits, budget: Budget, others: Others | null = null) {
    this.#limits = limits;
    this.#budget = budget;
    this.#others = others;
  }

  /** Lessons that are open here. */
  get count(): number {
    return this.#open.size;
  }

  /** The id of a lesson's room: where others look for it, it is the lesson's. */
  idOf(lesson: string, room: string): string {
    return this.#others ? lesson : room;
  }

  /**
   * A seat in a lesson's room, which is opened if it is not yet.
   * @throws ServerError where there is no seat
   */
  async seat(request: JoinRequest): Promise<Seat> {
    if (this.#open.has(request.lesson)) return this.#enter(request);
    if (this.#others && (await this.#others.isOpen(request.lesson))) return this.#enter(request);
    this.#makeWay(request);
    this.#opening.add(request);
    try {
      return await this.#inTurn(request);
    } finally {
      this.#opening.delete(request);
    }
  }

  /** One after the other: Colyseus would open a room for each request that comes while one is opened. */
  async #enter(request: JoinRequest): Promise<Seat> {
    const { lesson } = request;
    const enter = () => this.#others?.seat(request) ?? matchMaker.joinOrCreate("lesson", request);
    const before = this.#entering.get(lesson);
    // If the request before fails, so does this one.
    const seat = before ? before.then(enter) : enter();
    this.#entering.set(lesson, seat);
    try {
      return await seat;
    } finally {
      if (this.#entering.get(lesson) === seat) this.#entering.delete(lesson);
    }
  }

  /**
   * Opens lessons of an address one after the other, each once the address is within its budget. Others
   * who ask for the same lesson meanwhile do not wait for this address.
   */
  #inTurn(request: JoinRequest): Promise<Seat> {
    const { lesson, address } = request;
    const opened = (this.#lastOpening.get(address) ?? Promise.resolve()).then(async () => {
      for (;;) {
        const ms = this.#budget.wait(address);
        // Somebody else may have opened it.
        if (ms === 0 || this.#open.has(lesson)) return this.#enter(request);
        await pause(ms);
      }
    });
    const settled = opened
      .catch(() => {})
      .then(() => {
        if (this.#lastOpening.get(address) === settled) this.#lastOpening.delete(address);
      });
    this.#lastOpening.set(address, settled);
    return opened;
  }

  /** To be called when a lesson's room has opened. */
  opened(lesson: string, room: OpenRoom): void {
    for (const request of this.#opening)
      if (request.lesson === lesson) this.#opening.delete(request);
    this.#open.set(lesson, room);
    this.#others?.opened(lesson, room);
  }

  /** To be called when a lesson's room has closed. */
  closed(lesson: string, room: OpenRoom): void {
    if (this.#open.get(lesson) === room) this.#open.delete(lesson);
    this.#others?.closed(lesson, room);
  }

  /** To be called when a lesson's room has told an event. */
  wrote(lesson: string, seq: number): void {
    this.#others?.wrote(lesson, seq);
  }

  /** To be called when something was written to a lesson that its room, if it is open, has no part in. */
  wroteBeside(lesson: string, seq: number): void {
    void this.#open.get(lesson)?.catchUp();
    this.#others?.wrote(lesson, seq);
  }

  /** Tells everyone who has a lesson open, wherever that is, what a program outside does. */
  tell(lesson: string, said: Outside): void {
    const room = this.#open.get(lesson);
    if (room) room.tell(said);
    else this.#others?.tell(lesson, said);
  }

  /** To be called when a client has left a room, or its work has ended. */
  left(room: OpenRoom): void {
    if (!room.isVacant) return;
    const vacant = this.#vacantWorking().filter(({ address }) => address === room.address);
    for (const one of vacant.slice(0, -mostVacant)) one.abandon();
  }

  /** Vacant rooms that still work, the oldest first. */
  #vacantWorking(): OpenRoom[] {
    return [...this.#open.values()].filter(({ isVacant, isWorking }) => isVacant && isWorking);
  }

  /** Closes a vacant room if necessary. @throws ServerError where no further room may be opened */
  #makeWay({ lesson, address }: JoinRequest): void {
    const others = [...this.#opening].filter((request) => request.lesson !== lesson);
    const vacant = [...this.#open.values()].filter((room) => room.isVacant);
    const own = others.filter((request) => request.address === address);
    const nTaken = lessonsOf(own).size + vacant.filter((room) => room.address === address).length;
    if (nTaken >= this.#limits.connections) throw tooManyAtAddress;
    const nOpen = this.#open.size + (this.#others?.rooms ?? 0);
    if (nOpen + lessonsOf(others).size < this.#limits.rooms) return;
    const [oldest] = this.#vacantWorking();
    if (!oldest) throw tooMany;
    oldest.abandon();
  }
}

function lessonsOf(requests: readonly JoinRequest[]): Set<string> {
  return new Set(requests.map(({ lesson }) => lesson));
}

const tooMany = new ServerError(503, "Too many lessons are open; try again in a minute.");
const tooManyAtAddress = new ServerError(
  429,
  "Too many lessons are open at your address; close one of them.",
);
