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

/**
 * One message passes in a turn of the event loop, whoever sent it, so that whatever else there is to do
 * gets in between. Addresses take turns, and of an address those who wait; an address that has had its
 * share of the main thread waits until it is its due again.
 */
export class Turnstile {
  readonly #budget: Budget;
  /** Those who wait, by address: whose turn it is next comes first. */
  readonly #waiting = new Map<string, Passing[]>();
  /** Addresses that have had their share. */
  readonly #resting = new Set<string>();
  #turning = false;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Someone has something to pass on; once until they have passed everything. */
  queue(address: string, one: Passing): void {
    const others = this.#waiting.get(address);
    if (others) others.push(one);
    else this.#waiting.set(address, [one]);
    this.#turn();
  }

  #turn(): void {
    if (this.#turning) return;
    this.#turning = true;
    setImmediate(() => {
      this.#turning = false;
      this.#passOne();
      if (this.#waiting.size > this.#resting.size) this.#turn();
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
        this.#turn();
      },
      Math.min(longestPause, ms),
    );
  }
}
