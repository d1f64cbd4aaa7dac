import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Budget } from "../door/budget.ts";

/** Files of the largest size that are in memory at once. */
const mostFiles = 4;
/** Memory for the beginning of a file, bytes. */
const beginning = 64 * 1024;
/** The main thread's time to receive a MB, ms. */
const receiving = 2;
/** The same for a part of a file, however small, ms. */
const receivingPart = 0.05;

/** Longest time for a file that is refused to come to its end, ms. */
const longestPassing = 5000;

/** A file that has not come whole. */
interface Arrival {
  /** Of what has come, with room for more. */
  bytes: Uint8Array<ArrayBuffer>;
  readonly giveWay: () => void;
}

/**
 * Takes files in, one of an address at a time. What has come of all of them is bounded, not their number, so
 * that whoever sends slowly is in nobody's way: where it is too much, the file that has been coming for
 * longest gives way.
 */
export class FileArrivals {
  readonly #largest: number;
  readonly #budget: Budget;
  /** Files that are still coming, by address, the first to begin at the front. */
  readonly #coming = new Map<string, Arrival>();
  /** Bytes in memory of each address's file, whether still coming or not. */
  readonly #held = new Map<string, number>();
  /** Addresses whose refused files are passed over. */
  readonly #passing = new Set<string>();

  /** @param largest bytes of a file */
  constructor(largest: number, budget: Budget) {
    this.#largest = largest;
    this.#budget = budget;
  }

  /** Whether a file of the address's is in memory. */
  has(address: string): boolean {
    return this.#held.has(address);
  }

  /** Forgets the file of an address. */
  leave(address: string): void {
    this.#coming.delete(address);
    this.#held.delete(address);
  }

  /**
   * Resolves to the request's body, which stays in memory until {@link leave}; to null where it had to give
   * way, or the line closed.
   */
  receive(
    request: IncomingMessage,
    address: string,
    length: number,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    return new Promise((resolve) => {
      let at = 0;
      const end = (file: Uint8Array<ArrayBuffer> | null) => {
        request.off("data", take);
        this.#coming.delete(address);
        if (!file) this.#held.set(address, 0);
        resolve(file);
      };
      const arrival: Arrival = { bytes: new Uint8Array(0), giveWay: () => end(null) };
      const take = (part: Buffer) => {
        this.#pay(request, address, part.length);
        if (at + part.length > arrival.bytes.length) {
          const size = Math.max(beginning, 2 * (at + part.length));
          this.#grow(address, arrival, Math.min(length, size));
          if (!this.#coming.has(address)) return;
        }
        arrival.bytes.set(part, at);
        at += part.length;
      };
      this.#coming.set(address, arrival);
      this.#held.set(address, 0);
      request.on("data", take);
      request.once("end", () => {
        if (this.#coming.get(address) === arrival) end(arrival.bytes);
      });
      request.once("close", () => {
        if (this.#coming.get(address) === arrival) end(null);
      });
    });
  }

  /**
   * Lets a file come that is not kept, within bounds: who is still sending when the line closes gets no
   * answer.
   */
  async passOver(request: IncomingMessage, address: string): Promise<void> {
    if (request.destroyed || this.#passing.has(address)) return;
    this.#passing.add(address);
    const excess = new AbortController();
    const signal = AbortSignal.any([excess.signal, AbortSignal.timeout(longestPassing)]);
    let bytes = 0;
    const count = (part: Buffer) => {
      this.#pay(request, address, part.length);
      bytes += part.length;
      if (bytes > 2 * this.#largest) excess.abort();
    };
    request.on("data", count);
    await once(request, "close", { signal }).catch(() => {});
    request.off("data", count);
    this.#passing.delete(address);
  }

  #grow(address: string, arrival: Arrival, size: number): void {
    this.#held.set(address, size);
    for (const first of this.#coming.values()) {
      if (this.#sum <= mostFiles * this.#largest) break;
      first.giveWay();
    }
    if (!this.#coming.has(address)) return;
    const bytes = new Uint8Array(size);
    bytes.set(arrival.bytes);
    arrival.bytes = bytes;
  }

  get #sum(): number {
    let sum = 0;
    for (const bytes of this.#held.values()) sum += bytes;
    return sum;
  }

  /** Counts what came, and lets the rest wait in the network while its address is over its budget. */
  #pay(request: IncomingMessage, address: string, bytes: number): void {
    this.#budget.spend(address, receivingPart + (receiving * bytes) / 1e6);
    const ms = this.#budget.wait(address);
    if (ms === 0) return;
    request.pause();
    setTimeout(() => request.resume(), ms);
  }
}
