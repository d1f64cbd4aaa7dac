import { type Remote, wrap } from "comlink";
import type { Thoughts } from "./thinking.worker.ts";

let thinker: Remote<Thoughts> | null = null;

/** The worker in which the page thinks; started when it is first needed. */
export function thinking(): Remote<Thoughts> {
  thinker ??= wrap<Thoughts>(
    new Worker(new URL("./thinking.worker.ts", import.meta.url), { type: "module" }),
  );
  return thinker;
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
