import type { Budget } from "./budget.ts";

/** For how long an address is left alone at most before it is looked at again, ms. */
const longestPause = 1000;

/** Something that passes one thing on at a time. */
export interface Passing {
  /** Passes the next thing on. Returns whether there is more. */
  pass(): boolean;
  /** Its address has had its share; there will be no more from here for a while. */
  wait(): void;
  /** It may read for a moment while it waits: on a line that is not read from, signs of life are missed. */
  breathe(): void;
}

/** Messages that pass in a turn of the event loop at most: what they write is committed together. */
const mostATurn = 128;
/** For how long messages pass in a turn, ms; whatever takes longer is the turn's last. */
const longestTurn = 10;

/**
 * A few messages pass in a turn of the event loop, whoever sent them, so that whatever else there is to
 * do gets in between. Addresses take turns, and of an address those who wait; an address that has had
 * its share of the main thread waits until it is its due again.
 */
export class Turnstile {
  readonly #budget: Budget;
  /** Those who wait, by address: whose turn it is next comes first. */
  readonly #waiting = new Map<string, Passing[]>();
  #nWaiting = 0;
  /** Addresses that have had their share. */
  readonly #resting = new Set<string>();
  /** Messages that may pass in the next turn, or in what is left of this one. */
  #planned = 0;
  /** When the turn that is under way is over; null before one has begun. */
  #until: number | null = null;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Someone has something to pass on; once until they have passed everything. */
  queue(address: string, one: Passing): void {
    const others = this.#waiting.get(address);
    if (others) others.push(one);
    else this.#waiting.set(address, [one]);
    this.#nWaiting++;
    this.#plan();
  }

  #plan(): void {
    if (this.#waiting.size === this.#resting.size) return;
    // What each costs is told when its immediate is over, so that each has one of its own.
    for (; this.#planned < Math.min(mostATurn, this.#nWaiting); this.#planned++)
      setImmediate(() => {
        this.#planned--;
        if (performance.now() < this.#turnsEnd()) this.#passOne();
        this.#plan();
      });
  }

  #turnsEnd(): number {
    if (this.#until === null) {
      this.#until = performance.now() + longestTurn;
      // The first of the next turn, since nothing else has been put off to it yet.
      setImmediate(() => {
        this.#until = null;
      });
    }
    return this.#until;
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
      // Behind all others.
      if (all.length > 0) this.#waiting.set(address, all);
      return;
    }
  }

  #rest(address: string, all: readonly Passing[], ms: number): void {
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
