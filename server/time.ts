import { openSync, readSync } from "node:fs";
import type { Spend } from "../shared/lesson/log.ts";
import type { Clock } from "../shared/lesson/service/platform.ts";

/**
 * A clock for the main thread's use of time, ms from some beginning: wall time without the time in which
 * the thread waited for a core, which no client has to pay for. Where the system does not tell (other
 * than Linux), it is wall time.
 */
export const now: () => number = timeAtWork();

/** A system call takes microseconds, ms. */
const longestReading = 0.5;

function timeAtWork(): () => number {
  const text = Buffer.alloc(64);
  let file: number;
  try {
    // "time on a core, time spent waiting for one, times it got one", in nanoseconds.
    file = openSync("/proc/self/schedstat", "r");
  } catch {
    return () => performance.now();
  }
  return () => {
    for (let tries = 3; ; tries--) {
      const began = performance.now();
      const length = readSync(file, text, 0, text.length, 0);
      const wall = performance.now();
      // Whoever loses the core in between reads two times that do not belong together.
      if (wall - began > longestReading && tries > 1) continue;
      const waited = Number(text.toString("latin1", 0, length).split(" ", 2)[1]);
      return wall - waited / 1e6;
    }
  };
}

/**
 * Does `work` and measures the main thread's time for it and for all microtasks that follow from it. Call
 * it from the event loop itself, or other work would be counted too.
 */
export function timed(work: () => void, spend: Spend): void {
  const began = now();
  work();
  // A tick that is requested in a microtask runs after all microtasks, later ones included.
  queueMicrotask(() => process.nextTick(() => spend(now() - began)));
}

/** A turn of the event loop, for those who share it. */
export class SharedTurn {
  readonly #longest: number;
  /** When this turn is over; null where none of them has begun in it. */
  #until: number | null = null;

  /** @param longest time after which nobody else is to begin, ms */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** To be asked by whoever would begin. */
  isOver(): boolean {
    if (this.#until === null) {
      this.#until = performance.now() + this.#longest;
      // This runs first in the next turn, as it is the first immediate set in this one.
      setImmediate(() => {
        this.#until = null;
      });
    }
    return performance.now() >= this.#until;
  }
}

const shared = new SharedTurn(10);

export const clock: Clock = {
  after(ms, ring) {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  },
  turn: (spend) =>
    new Promise((resolve) => {
      const begin = () => (shared.isOver() ? setImmediate(begin) : timed(resolve, spend));
      setImmediate(begin);
    }),
};
