import { setTimeout as pause } from "node:timers/promises";
import { matchMaker, ServerError } from "colyseus";
import type { Outside } from "../../shared/lesson/protocol.ts";
import type { Budget } from "../door/budget.ts";
import type { Limits } from "../settings.ts";

/** What there are rooms of. */
export type RoomName = "lesson" | "class";

/** A client's request to join the room of a lesson or of a class. */
export interface JoinRequest {
  readonly room: RoomName;
  /** Address of the lesson or the class: no two have the same. */
  readonly id: string;
  /** Whether they lead it. How that is known need not be told from process to process. */
  readonly owner: boolean;
  /** Of a class, which of its pupils they are; null for who is none. */
  readonly pupil: number | null;
  /** Of the network. */
  readonly address: string;
}

/** The room of a lesson or of a class, as {@link Rooms} sees it. */
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
  tell?(said: Outside): void;
  /** Takes in, and tells, what other processes have written. What goes wrong is reported. */
  catchUp(): Promise<void>;
  /** Closes it, and sends everyone away who is in it. */
  disconnect(code: number): void;
}

/** The other processes that share these lessons and classes. Each is open in one process at most. */
export interface Others {
  /** Lessons that they have open. */
  readonly rooms: number;
  /** Websockets of an address that they have open. */
  websockets(address: string): number;
  /** Whether any process has it open. @throws ServerError where that is not to be known */
  isOpen(request: Pick<JoinRequest, "room" | "id">): Promise<boolean>;
  /** A seat in a room, wherever that is. @throws ServerError where there is no seat */
  seat(request: JoinRequest): Promise<Seat>;
  /** To be called when a room has opened, has closed, or has written an event. */
  opened(id: string, room: OpenRoom): void;
  closed(id: string, room: OpenRoom): void;
  wrote(id: string, seq: number): void;
  /** Tells everyone who has the lesson open elsewhere what a program outside does. */
  tell(lesson: string, said: Outside): void;
}

export type Seat = Awaited<ReturnType<typeof matchMaker.joinOrCreate>>;

/** Most vacant rooms that work for one address. */
const mostVacant = 8;

/**
 * The lessons and classes that are open in this process: one room each, even for simultaneous requests, and a limited
 * number. A vacant room finishes its work, so that a person who closes the page finds the learner
 * trained later, but it is closed when its place is needed.
 */
export class Rooms {
  readonly #limits: Limits;
  readonly #budget: Budget;
  readonly #others: Others | null;
  /** Open rooms by the address of what they are of, the oldest first. */
  readonly #open = new Map<string, OpenRoom>();
  /** Requests for what is not open yet. */
  readonly #opening = new Set<JoinRequest>();
  /** Settles once all lessons that an address has asked for are open, by address. */
  readonly #lastOpening = new Map<string, Promise<void>>();
  /** The latest seat that is being reserved, likewise. */
  readonly #entering = new Map<string, Promise<Seat>>();

  /** @param others processes that share these lessons; null where there are none */
  constructor(limits: Limits, budget: Budget, others: Others | null = null) {
    this.#limits = limits;
    this.#budget = budget;
    this.#others = others;
  }

  /** Lessons and classes that are open here. */
  get count(): number {
    return this.#open.size;
  }

  /** The id of a room: where others look for it, it is that of the lesson or the class. */
  idOf(id: string, room: string): string {
    return this.#others ? id : room;
  }

  /**
   * A seat in a room, which is opened if it is not yet.
   * @throws ServerError where there is no seat
   */
  async seat(request: JoinRequest): Promise<Seat> {
    if (this.#open.has(request.id)) return this.#enter(request);
    if (this.#others && (await this.#others.isOpen(request))) return this.#enter(request);
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
    const { room, id } = request;
    const enter = () => this.#others?.seat(request) ?? matchMaker.joinOrCreate(room, request);
    const before = this.#entering.get(id);
    // If the request before fails, so does this one.
    const seat = before ? before.then(enter) : enter();
    this.#entering.set(id, seat);
    try {
      return await seat;
    } finally {
      if (this.#entering.get(id) === seat) this.#entering.delete(id);
    }
  }

  /**
   * Opens lessons of an address one after the other, each once the address is within its budget. Others
   * who ask for the same lesson meanwhile do not wait for this address.
   */
  #inTurn(request: JoinRequest): Promise<Seat> {
    const { id, address } = request;
    const opened = (this.#lastOpening.get(address) ?? Promise.resolve()).then(async () => {
      for (;;) {
        const ms = this.#budget.wait(address);
        // Somebody else may have opened it.
        if (ms === 0 || this.#open.has(id)) return this.#enter(request);
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

  /** To be called when a room has opened. */
  opened(id: string, room: OpenRoom): void {
    for (const request of this.#opening) if (request.id === id) this.#opening.delete(request);
    this.#open.set(id, room);
    this.#others?.opened(id, room);
  }

  /** To be called when a room has closed. */
  closed(id: string, room: OpenRoom): void {
    if (this.#open.get(id) === room) this.#open.delete(id);
    this.#others?.closed(id, room);
  }

  /** To be called when a room has told an event. */
  wrote(id: string, seq: number): void {
    this.#others?.wrote(id, seq);
  }

  /** To be called when something was written to a lesson that its room, if it is open, has no part in. */
  wroteBeside(lesson: string, seq: number): void {
    void this.#open.get(lesson)?.catchUp();
    this.#others?.wrote(lesson, seq);
  }

  /** Tells everyone who has a lesson open, wherever that is, what a program outside does. */
  tell(lesson: string, said: Outside): void {
    const room = this.#open.get(lesson);
    if (room) room.tell?.(said);
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
  #makeWay({ id, address }: JoinRequest): void {
    const others = [...this.#opening].filter((request) => request.id !== id);
    const vacant = [...this.#open.values()].filter((room) => room.isVacant);
    const own = others.filter((request) => request.address === address);
    const nTaken = idsOf(own).size + vacant.filter((room) => room.address === address).length;
    if (nTaken >= this.#limits.connections) throw tooManyAtAddress;
    const nOpen = this.#open.size + (this.#others?.rooms ?? 0);
    if (nOpen + idsOf(others).size < this.#limits.rooms) return;
    const [oldest] = this.#vacantWorking();
    if (!oldest) throw tooMany;
    oldest.abandon();
  }
}

function idsOf(requests: readonly JoinRequest[]): Set<string> {
  return new Set(requests.map(({ id }) => id));
}

const tooMany = new ServerError(503, "Too many lessons are open; try again in a minute.");
const tooManyAtAddress = new ServerError(
  429,
  "Too many lessons are open from your network address; close one of them.",
);
