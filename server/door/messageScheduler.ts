import { SharedTurn } from "../time.ts";
import type { Budget } from "./budget.ts";

/** Longest time before an address that is over its budget is checked again, ms. */
const longestPause = 1000;

/** A source of messages, such as a socket, that passes them on one at a time. */
export interface MessageSource {
  /** Passes the next message on. Returns whether there are more. */
  pass(): boolean;
  /** Called when its address is over its budget and has to wait. */
  wait(): void;
  /** Called now and then while it waits: it has to read for a moment, or pings would go unseen. */
  breathe(): void;
}

/** Most messages in one turn of the event loop; their writes are committed together. */
const mostATurn = 128;
/** Time after which no further message is begun in a turn, ms. */
const longestTurn = 10;

/**
 * Passes a limited number of messages on in each turn of the event loop, so that other work gets its time.
 * Addresses take turns, and so do the sources of an address. An address that is over its budget of the
 * main thread waits until it is within it again.
 */
export class MessageScheduler {
  readonly #budget: Budget;
  /** Sources with messages, by address; the next address comes first. */
  readonly #waiting = new Map<string, MessageSource[]>();
  #nWaiting = 0;
  /** Addresses that are over their budget. */
  readonly #resting = new Set<string>();
  /** Messages planned for the next turn, or for the rest of this one. */
  #planned = 0;
  readonly #turn = new SharedTurn(longestTurn);

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Adds a source with messages. It stays until `pass` returns false, and is not added again before. */
  queue(address: string, one: MessageSource): void {
    const others = this.#waiting.get(address);
    if (others) others.push(one);
    else this.#waiting.set(address, [one]);
    this.#nWaiting++;
    this.#plan();
  }

  #plan(): void {
    if (this.#waiting.size === this.#resting.size) return;
    // The cost of each is measured by its own immediate.
    for (; this.#planned < Math.min(mostATurn, this.#nWaiting); this.#planned++)
      setImmediate(() => {
        this.#planned--;
        if (!this.#turn.isOver()) this.#passOne();
        this.#plan();
      });
  }

  #passOne(): void {
    for (const [address, all] of this.#waiting) {
      if (this.#resting.has(address)) continue;
      const ms = this.#budget.wait(address);
      if (ms > 0) {
        this.#rest(address, all, ms);
        continue;
      }
      this.#waiting.delete(address);
      const one = all.shift()!;
      if (one.pass()) all.push(one);
      else this.#nWaiting--;
      // To the end of the queue.
      if (all.length > 0) this.#waiting.set(address, all);
      return;
    }
  }

  #rest(address: string, all: readonly MessageSource[], ms: number): void {
    this.#resting.add(address);
    for (const one of all) one.wait();
    setTimeout(
      () => {
        this.#resting.delete(address);
        for (const one of this.#waiting.get(address) ?? []) one.breathe();
        this.#plan();
      },
      Math.min(longestPause, ms),
    );
  }
}
