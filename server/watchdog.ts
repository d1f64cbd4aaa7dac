import { join } from "node:path";
import { Worker } from "node:worker_threads";

/** The watching thread's data. */
export interface WatchdogData {
  /** Incremented by the main thread at each beat. */
  readonly beats: Int32Array;
  /** Interval of the beats, and of the checks, ms. */
  readonly beat: number;
  /** Checks in a row without a beat after which the process is ended. */
  readonly most: number;
}

/**
 * Ends this process once its main thread has been blocked for so many seconds, so that its supervisor
 * starts it again. What was acknowledged is on disk, and pages reconnect by themselves.
 */
export function watch(seconds: number): void {
  const beat = 250; // ms
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const workerData: WatchdogData = { beats, beat, most: Math.ceil((1000 * seconds) / beat) };
  // The watchdog's bundle is beside the server's.
  const watchdog = new Worker(join(import.meta.dirname, "watchdog.worker.js"), { workerData });
  // If it fails, the server goes on without it.
  watchdog.on("error", () => {});
  watchdog.unref();
  setInterval(() => Atomics.add(beats, 0, 1), beat).unref();
}
