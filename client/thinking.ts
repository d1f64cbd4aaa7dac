import { signal, useSignal } from "@preact/signals";
import { type Remote, wrap } from "comlink";
import { useEffect } from "preact/hooks";
import type { Thoughts } from "./thinking.worker.ts";

/**
 * What `ask` answers; null until it does, and where it asks nothing. It is asked anew when one of
 * `inputs` changes, and an answer to what was asked before is dropped.
 */
export function useThought<Answer>(
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

let thinker: Remote<Thoughts> | null = null;

/** Whether the worker failed, as when its file cannot be fetched: then nothing is answered. */
export const workerFailed = signal(false);

/** The worker in which the page thinks; started when it is first needed. */
export function thinking(): Remote<Thoughts> {
  thinker ??= wrap<Thoughts>(newWorker());
  return thinker;
}

function newWorker(): Worker {
  const worker = new Worker(new URL("./thinking.worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("error", () => {
    workerFailed.value = true;
  });
  return worker;
}

/**
 * Makes of `ask` one that may be called at any rate: while an answer is awaited, of all further
 * questions only the newest is kept.
 * @param answered told each answer, in order
 */
export function newest<Question, Answer>(
  ask: (question: Question) => Promise<Answer>,
  answered: (answer: Answer) => void,
): (question: Question) => void {
  let waiting: { question: Question } | null = null;
  let busy = false;
  return async (question) => {
    waiting = { question };
    if (busy) return;
    busy = true;
    try {
      while (waiting) {
        const next: Question = waiting.question;
        waiting = null;
        answered(await ask(next));
      }
    } finally {
      busy = false;
    }
  };
}
