import type { Lesson } from "../lesson/lesson.ts";
import { type Refusal, refusal } from "../lesson/refusal.ts";
import type { ChangeName } from "../lesson/requests.ts";
import { ended, takenOut } from "./decide.ts";
import { isTimeUp, type SchoolClass } from "./schoolClass.ts";
import { stepsOf } from "./steps.ts";

/** What passes: what somebody did meanwhile is kept, and asked for again. */
const frozen = "Eyes to the front: your teacher has stopped the class.";
const timeUp = "Time is up: you go on when your teacher does.";
const outdated = refusal("held", "Your teacher has added a round; it is here in a moment.");
/** Of what can be asked for anew, once one may. */
const notYet = refusal("not-yet", "Your teacher holds this step.");

/** How a class is paced. */
export type Paced = Pick<
  SchoolClass,
  "isEnded" | "isFrozen" | "endsAt" | "step" | "level" | "rounds"
>;

/** Who asks for a change to a pupil's lesson, and when. */
export interface Asked {
  readonly pupil: number;
  /** ms since 1970, by the server's clock. */
  readonly clock: number;
}

/**
 * Why a change to a pupil's lesson has to wait for the teacher; null where it need not.
 * @param refused why the lesson itself refuses it, which stays so for whoever is in the class unless its plan is not yet
 *   what the class's is
 */
export function hold(
  now: Paced & Pick<SchoolClass, "pupils">,
  { pupil, clock }: Asked,
  lesson: Lesson,
  name: ChangeName,
  refused: Refusal | null = null,
): Refusal | null {
  if (now.pupils.get(pupil)?.isRemoved !== false) return takenOut;
  if (refused) return refused.code === "locked" && isBehind(now, lesson) ? outdated : null;
  return paceOf(now, clock, lesson, name);
}

/**
 * Why a change to the lesson of anybody in the class has to wait; null where it need not.
 * @param clock ms since 1970, by the server's clock
 */
export function paceOf(
  now: Paced,
  clock: number,
  lesson: Lesson,
  name: ChangeName,
): Refusal | null {
  if (now.isEnded) return ended;
  if (now.isFrozen) return stopped(name, frozen);
  if (isTimeUp(now, clock)) return stopped(name, timeUp);
  if (now.step === null) return null;
  return stepOf(now, lesson, name) > now.step ? notYet : null;
}

/** A press costs nothing and is made again; what hands have done would be lost, so that it is kept until it can be taken. */
function stopped(name: ChangeName, reason: string): Refusal {
  return name === "train" || name === "infer"
    ? refusal("not-yet", reason)
    : refusal("held", `${reason} Nothing is lost.`);
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
