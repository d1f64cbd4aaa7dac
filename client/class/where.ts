import type { ClassView, PupilView } from "./view.ts";

/** The step of the class's plan that a pupil is at, an index of its steps; null once they are done. */
export function stepOf({ activity, trained }: PupilView, steps: ClassView["steps"]): number | null {
  switch (activity) {
    case "demonstrating":
      return 0;
    case "cloning":
      return 1;
    case "correcting":
    case "retraining":
      return 1 + trained;
    case "rewarding":
      return steps.length - 1;
    case "done":
      return null;
  }
}

/** The step that a pupil has come to and may not do yet; null where nothing holds them. */
export function heldAt(view: ClassView, pupil: PupilView) {
  const at = stepOf(pupil, view.steps);
  return at !== null && view.step >= 0 && at > view.step ? (view.steps[at] ?? null) : null;
}
