import { openSync, readSync } from "node:fs";
import type { Spend } from "../shared/lesson/log.ts";
import type { Clock } from "../shared/lesson/service/platform.ts";

/**
 * How long the main thread has been at work or has kept others waiting, ms from some beginning: the time
 * on the wall without that in which the machine's cores were busy with something else, which is nobody's
 * to pay. Where the system does not tell (it is not Linux), it is the time on the wall.
 */
export const now: () => number = timeAtWork();

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
    const length = readSync(file, text, 0, text.length, 0);
    const waited = Number(text.toString("latin1", 0, length).split(" ", 2)[1]);
    return performance.now() - waited / 1e6;
  };
}

/**
 * Does `work` and tells how long the main thread took over it, with all that followed from it in this
 * turn of the event loop. To be begun by the turn itself, or others would be counted as well.
 */
export function timed(work: () => void, spend: Spend): void {
  const began = now();
  work();
  // A tick that is asked for by a microtask comes after all microtasks, and those that they bring.
  queueMicrotask(() => process.nextTick(() => spend(now() - began)));
}

export const clock: Clock = {
  after(ms, ring) {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  },
};
