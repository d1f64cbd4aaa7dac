import type { Lesson } from "../lesson/lesson.ts";
import { type Refusal, refusal } from "../lesson/refusal.ts";
import type { ChangeName } from "../lesson/requests.ts";
import { takenOut } from "./decide.ts";
import type { SchoolClass } from "./schoolClass.ts";
import { stepsOf } from "./steps.ts";

/** What passes: whoever asked keeps it, and asks again. */
const frozen = refusal(
  "held",
  "Eyes to the front: your teacher has stopped the class. Nothing is lost.",
);
const notYet = refusal("held", "Your class has not come to this step yet. Nothing is lost.");

/**
 * Why a change to a pupil's lesson has to wait for the teacher; null where it need not. It is asked about what the
 * lesson's own plan has not refused.
 */
export function hold(
  now: Pick<SchoolClass, "pupils" | "isFrozen" | "step" | "level" | "rounds">,
  pupil: number,
  lesson: Lesson,
  name: ChangeName,
): Refusal | null {
  if (now.pupils.get(pupil)?.isRemoved !== false) return takenOut;
  if (now.isFrozen) return frozen;
  if (now.step === null) return null;
  return stepOf(now, lesson, name) > now.step ? notYet : null;
}

/** The step of the class's plan that a change belongs to: an index of `stepsOf`. */
function stepOf(
  { level, rounds }: Pick<SchoolClass, "level" | "rounds">,
  lesson: Lesson,
  name: ChangeName,
): number {
  switch (name) {
    case "train":
    case "label":
    case "undo":
    case "intervene":
    case "shadow":
    case "retract":
      return 1 + lesson.rounds.length;
    case "infer":
      return stepsOf(level!, rounds).findIndex((step) => step.name === "reward");
    default:
      return 0;
  }
}
