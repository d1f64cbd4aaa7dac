import { signal, useSignal } from "@preact/signals";
import { type Remote, wrap } from "comlink";
import { useEffect } from "preact/hooks";
import type { BackgroundTasks } from "./background.worker.ts";

/**
 * What `ask` answers; null until it does, and where it asks nothing. It is asked anew when one of
 * `inputs` changes, and an answer to what was asked before is dropped.
 */
export function useBackground<Answer>(
  ask: () => Promise<Answer> | null,
  inputs: readonly unknown[],
): Answer | null {
  const answer = useSignal<Answer | null>(null);
  useEffect(() => {
    let overtaken = false;
    answer.value = null;
    void ask()?.then((value) => {
      if (!overtaken) answer.value = value;
    });
    return () => {
      overtaken = true;
    };
  }, inputs);
  return answer.value;
}

let worker: Remote<BackgroundTasks> | null = null;

/** Whether the worker failed, as when its file cannot be fetched: then nothing is answered. */
export const workerFailed = signal(false);

/** The worker in which the page thinks; started when it is first needed. */
export function background(): Remote<BackgroundTasks> {
  worker ??= wrap<BackgroundTasks>(newWorker());
  return worker;
}

function newWorker(): Worker {
  const worker = new Worker(new URL("./background.worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("error", () => {
    workerFailed.value = true;
  });
  return worker;
}
