import { setPriority } from "node:os";

/** Has this worker thread give way to labelling, which is on the main thread: on Linux, threads have priorities. */
export function runLast(): void {
  try {
    if (process.platform === "linux") setPriority(10);
  } catch {
    // Then all threads have the same priority.
  }
}
