import type { Spend } from "../../shared/lesson/log.ts";
import { isRefusal, type Refusal } from "../../shared/lesson/refusal.ts";
import { clock } from "../time.ts";
import type { EventLog, Placed } from "./eventLog.ts";

/** More wants to be done than is; who asked may ask again. */
export class Busy extends Error {}

/** Most requests to one log that are done or wait at a time. */
const mostAtATime = 200;

/** What a log's events come to. */
interface Folded<Body> {
  /** Of the last event; 0 before the first. */
  readonly seq: number;
  take(event: Placed<Body>): void;
}

/**
 * What is decided by one log, one request after the other, so that each sees all that came before, however many come at
 * once; what is answered is on disk. Other processes may write to the same log.
 */
export class Decisions<Body extends { readonly type: string }, State extends Folded<Body>> {
  readonly owner: string;
  readonly #log: EventLog<Body>;
  readonly #empty: () => State;
  readonly #wrote: (seq: number) => void;
  #now: State;
  #lastTurn: Promise<unknown> = Promise.resolve();
  #atATime = 0;
  /** One that has not begun, and that whoever comes shares. */
  #refreshing: Promise<void> | null = null;
  #isForgotten = false;

  /**
   * @param owner whose log it is
   * @param empty what no events come to
   * @param wrote told of each event that was written here
   */
  constructor(
    owner: string,
    log: EventLog<Body>,
    empty: () => State,
    wrote: (seq: number) => void = () => {},
  ) {
    this.owner = owner;
    this.#log = log;
    this.#empty = empty;
    this.#now = empty();
    this.#wrote = wrote;
  }

  /** As far as it has been read; in turn it is the newest. */
  get now(): State {
    return this.#now;
  }

  /** Whether the log was deleted, by whichever process. */
  get isForgotten(): boolean {
    return this.#isForgotten;
  }

  /**
   * Everything that is read in order to change it happens one at a time, in order of arrival.
   * @param isGone whether nobody waits for it any more: then it is not done
   * @throws Busy
   */
  async inTurn<T>(spend: Spend, task: () => Promise<T>, isGone = () => false): Promise<T> {
    if (this.#atATime >= mostAtATime)
      throw new Busy("Many people are coming at the same time. The page keeps trying.");
    this.#atATime++;
    const ended = () => {
      this.#atATime--;
    };
    const turn = this.#append(async () => {
      if (isGone()) throw new Busy("Nobody waits for this any more.");
      await clock.turn(spend);
      await this.catchUp(spend);
      return task();
    });
    turn.then(ended, ended);
    return turn;
  }

  /**
   * Takes in what has been written, by other processes too. Whoever asks while one waits for its turn shares it, so that
   * however many only look, they take one place.
   * @param spend of the first who asks
   * @throws Unreadable
   */
  refresh(spend: Spend): Promise<void> {
    this.#refreshing ??= this.#append(async () => {
      this.#refreshing = null;
      await clock.turn(spend);
      await this.catchUp(spend);
    });
    return this.#refreshing;
  }

  #append<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(task);
    const settled = () => {};
    this.#lastTurn = turn.then(settled, settled);
    return turn;
  }

  /** Takes in what has been written, by other processes too. In turn only. @throws Unreadable */
  async catchUp(spend: Spend): Promise<void> {
    if (this.#now.seq > 0 && (await this.#log.isForgotten(this.owner))) {
      this.#now = this.#empty();
      this.#isForgotten = true;
    }
    if (this.#isForgotten) return;
    for await (const events of this.#log.events(this.owner, this.#now.seq, spend))
      try {
        for (const event of events) this.#now.take(event);
      } catch (error) {
        // Half of the event may be in memory.
        this.#now = this.#empty();
        throw error;
      }
  }

  /**
   * Writes what `decide` says, in the state as it is then. In turn only.
   * @param append how it is written, where something is to be written with it
   */
  async write<E extends Body>(
    spend: Spend,
    decide: (now: State) => E | Refusal | null,
    append = (seq: number, event: E): Promise<Placed<Body> | null> =>
      this.#log.append(this.owner, seq, event, spend),
  ): Promise<Refusal | null> {
    for (;;) {
      const event = decide(this.#now);
      if (!event || isRefusal(event)) return event;
      const stored = await append(this.#now.seq + 1, event);
      if (stored) {
        this.take(stored);
        return null;
      }
      await this.catchUp(spend);
    }
  }

  /** Takes in an event that was written here. In turn only. */
  take(event: Placed<Body>): void {
    this.#now.take(event);
    this.#wrote(event.seq);
  }
}
