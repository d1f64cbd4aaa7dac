import { type Remote, wrap } from "comlink";
import type { LessonCalls } from "./lesson.worker.ts";

/** Starts a worker that has this browser's lessons. */
export function newKeeper(): Worker {
  return new Worker(new URL("./lesson.worker.ts", import.meta.url), { type: "module" });
}

/** Has a worker do one thing. @throws Error where it cannot be started, or does not know what went wrong */
export async function withKeeper<T>(task: (calls: Remote<LessonCalls>) => Promise<T>): Promise<T> {
  const worker = newKeeper();
  try {
    return await new Promise<T>((resolve, reject) => {
      worker.addEventListener("error", () => reject(new Error(missing)));
      task(wrap<LessonCalls>(worker)).then(resolve, reject);
    });
  } finally {
    worker.terminate();
  }
}

/** What is said where the worker's file does not come. */
export const missing = "A part of this page is missing; load the page again.";
