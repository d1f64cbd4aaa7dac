import { type Step, steps } from "../../shared/lesson/steps.ts";

/**
 * Which step of a lesson one was at, kept with the page's place in the browser's history: there it outlives that the
 * page is loaded again, and nothing else.
 */
interface Kept {
  readonly lesson?: unknown;
  readonly step?: unknown;
}

export function keepStep(lesson: string, step: Step): void {
  history.replaceState({ lesson, step } satisfies Kept, "");
}

/** Null where one comes to the lesson anew. */
export function keptStep(lesson: string): Step | null {
  const kept = history.state as Kept | null;
  if (kept?.lesson !== lesson) return null;
  return steps.find((step) => step === kept.step) ?? null;
}
