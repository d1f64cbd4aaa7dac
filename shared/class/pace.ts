import type { Lesson } from "../lesson/lesson.ts";
import { type Refusal, refusal } from "../lesson/refusal.ts";
import type { ChangeName } from "../lesson/requests.ts";
import type { SchoolClass } from "./schoolClass.ts";
import { stepsOf } from "./steps.ts";

/** How a class is paced; pages of its pupils grey what has to wait by the same rule that the server refuses it by. */

export const ended = refusal("ended", "This class has ended.");
/** What passes: what somebody did meanwhile is kept, and asked for again. */
const frozen = "Eyes to the front: your teacher has stopped the class.";
const timeUp = "Time is up: you can go on when your teacher goes on.";
const held = "Your teacher has not begun this step yet.";
/** No more than is so: a class that ends takes nothing any more. */
const kept =
  "What you did waits here until the class goes on. If the class ends first, this is lost.";
/** For how long after its time is over a class waits for its teacher, ms: whoever forgot to end it has gone home by then. */
const longestWait = 3 * 3600 * 1000;

/** What a class's pace follows from. */
export type Paced = Pick<
  SchoolClass,
  "isEnded" | "isFrozen" | "endsAt" | "step" | "level" | "rounds"
>;

/**
 * How much is left of the time that the teacher set, ms: 0 once it is over and the class waits for what is next; null
 * where there is none, and once nobody waits any more.
 * @param clock ms since 1970
 */
export function timeLeft({ endsAt }: Pick<SchoolClass, "endsAt">, clock: number): number | null {
  if (endsAt === null || clock >= endsAt + longestWait) return null;
  return Math.max(0, endsAt - clock);
}

/** Whether the time that the teacher set is over, and the class waits for what is next. @param clock ms since 1970 */
export function isTimeUp(now: Pick<SchoolClass, "endsAt">, clock: number): boolean {
  return timeLeft(now, clock) === 0;
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
  return stepOf(now, lesson, name) > now.step ? stopped(name, held) : null;
}

/** A press costs nothing and is made again; what hands have done would be lost, so that it is kept until it can be taken. */
function stopped(name: ChangeName, reason: string): Refusal {
  return name === "train" || name === "infer"
    ? refusal("not-yet", reason)
    : refusal("held", `${reason} ${kept}`);
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
