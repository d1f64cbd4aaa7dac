/** Most unused time that an address may save up, ms: enough to open the largest lesson. */
const longestSaved = 4000;
/** Longest wait of an address, ms: a socket that is not read from for longer is taken for dead. */
const longestWait = 4000;

/**
 * The main thread's time for each address. Each request counts for the time that it took, and an address
 * that has used up its share waits, so that no address can take all of it.
 */
export class Budget {
  /** Share of the main thread that an address may have, in [0, 1]. */
  readonly #share: number;
  readonly #clock: () => number;
  readonly #spent = new Map<string, { debt: number; at: number }>();
  #forgot = Number.NEGATIVE_INFINITY;

  /** @param share milliseconds of the main thread that an address may have in a second */
  constructor(share: number, clock = () => performance.now()) {
    this.#share = share / 1000;
    this.#clock = clock;
  }

  /** Counts time of the main thread that an address has used, ms. */
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

  /** Time used beyond the share so far, ms. */
  #debt(address: string): number {
    const spent = this.#spent.get(address);
    if (!spent) return 0;
    return Math.max(0, spent.debt - this.#share * (this.#clock() - spent.at));
  }

  /** Drops addresses without a debt, at most once a second. */
  #forget(): void {
    if (this.#clock() - this.#forgot < 1000) return;
    this.#forgot = this.#clock();
    for (const address of this.#spent.keys())
      if (this.#debt(address) === 0) this.#spent.delete(address);
  }
}
