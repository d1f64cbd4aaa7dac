import { join } from "node:path";
import { Worker } from "node:worker_threads";

/** What the thread that watches is given. */
export interface Watched {
  /** Grows with each sign of life. */
  readonly beats: Int32Array;
  /** How often there is one, and how often it is looked for, ms. */
  readonly beat: number;
  /** Looks in a row at which there was none that are too many. */
  readonly most: number;
}

/**
 * Ends this process once its main thread has stood still for so many seconds, so that whatever keeps it
 * running starts it anew. What was acknowledged is on disk, and pages come back by themselves.
 */
export function watch(seconds: number): void {
  const beat = 250; // ms
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const workerData: Watched = { beats, beat, most: Math.ceil((1000 * seconds) / beat) };
  // The bundles of the server and of this lie side by side.
  const watchdog = new Worker(join(import.meta.dirname, "watchdog.worker.js"), { workerData });
  // Without it the server goes on, unwatched.
  watchdog.on("error", () => {});
  watchdog.unref();
  setInterval(() => Atomics.add(beats, 0, 1), beat).unref();
}
