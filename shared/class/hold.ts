import type { Lesson } from "../lesson/lesson.ts";
import { type Refusal, refusal } from "../lesson/refusal.ts";
import type { ChangeName } from "../lesson/requests.ts";
import { ended, takenOut } from "./decide.ts";
import type { SchoolClass } from "./schoolClass.ts";
import { stepsOf } from "./steps.ts";

/** What passes: whoever asked keeps it, and asks again. */
const frozen = refusal(
  "held",
  "Eyes to the front: your teacher has stopped the class. Nothing is lost.",
);
const outdated = refusal("held", "Your teacher has added a round; it is here in a moment.");
const notYet = refusal("held", "Your class has not reached this step yet. Nothing is lost.");

/**
 * Why a change to a pupil's lesson has to wait for the teacher; null where it need not.
 * @param refused why the lesson itself refuses it, which stays so unless its plan is not yet what the class's is
 */
export function hold(
  now: Pick<SchoolClass, "pupils" | "isEnded" | "isFrozen" | "step" | "level" | "rounds">,
  pupil: number,
  lesson: Lesson,
  name: ChangeName,
  refused: Refusal | null = null,
): Refusal | null {
  if (refused) return refused.code === "locked" && isBehind(now, lesson) ? outdated : null;
  if (now.pupils.get(pupil)?.isRemoved !== false) return takenOut;
  if (now.isEnded) return ended;
  if (now.isFrozen) return frozen;
  if (now.step === null) return null;
  return stepOf(now, lesson, name) > now.step ? notYet : null;
}

/** Whether the class has more rounds than the lesson was given so far. */
function isBehind({ rounds }: Pick<SchoolClass, "rounds">, { plan }: Lesson): boolean {
  return plan ? plan.rounds < rounds : false;
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
