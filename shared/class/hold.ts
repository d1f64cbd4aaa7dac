import type { Lesson } from "../lesson/lesson.ts";
import { type Refusal, refusal } from "../lesson/refusal.ts";
import type { ChangeName } from "../lesson/requests.ts";
import { takenOut } from "./decide.ts";
import { type Paced, paceOf } from "./pace.ts";
import type { SchoolClass } from "./schoolClass.ts";

const outdated = refusal("held", "Your teacher has added a round; it is here in a moment.");

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

/** Whether the class has more rounds than the lesson was given so far. */
function isBehind({ rounds }: Pick<SchoolClass, "rounds">, { plan }: Lesson): boolean {
  return plan ? plan.rounds < rounds : false;
}
