/** For how long an address may save up what it does not use, ms: enough to open the largest lesson. */
const longestSaved = 4000;
/** For how long an address has to wait at most, ms: a line that is not read from for longer is taken for dead. */
const longestWait = 4000;

/**
 * What the main thread may do for each address. All that is asked for is paid for by what it took, and
 * an address that has used up its share waits, so that nobody can take the whole of it.
 */
export class Budget {
  /** Milliseconds of the main thread for an address, a millisecond. */
  readonly #share: number;
  readonly #clock: () => number;
  readonly #spent = new Map<string, { debt: number; at: number }>();
  #forgot = Number.NEGATIVE_INFINITY;

  /** @param share milliseconds of the main thread that an address may have in a second */
  constructor(share: number, clock = () => performance.now()) {
    this.#share = share / 1000;
    this.#clock = clock;
  }

  /** An address has had so much of the main thread, ms. */
  spend(address: string, ms: number): void {
    if (this.#spent.size > 10_000) this.#forget();
    const most = this.#share * (longestSaved + longestWait);
    const debt = Math.min(most, this.#debt(address) + ms);
    this.#spent.set(address, { debt, at: this.#clock() });
  }

  /** Milliseconds after which an address may ask again; 0 where it may now. */
  wait(address: string): number {
    const excess = this.#debt(address) - longestSaved * this.#share;
    return excess <= 0 ? 0 : excess / this.#share;
  }

  /** What has been had and is not made up for by time yet, ms. */
  #debt(address: string): number {
    const spent = this.#spent.get(address);
    if (!spent) return 0;
    return Math.max(0, spent.debt - this.#share * (this.#clock() - spent.at));
  }

  /** Drops those that owe nothing, now and then. */
  #forget(): void {
    if (this.#clock() - this.#forgot < 1000) return;
    this.#forgot = this.#clock();
    for (const address of this.#spent.keys())
      if (this.#debt(address) === 0) this.#spent.delete(address);
  }
}
