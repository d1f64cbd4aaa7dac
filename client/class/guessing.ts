import { questionFor } from "../../shared/lesson/guess.ts";
import type { ClassView, PupilView } from "./view.ts";

/** Whether a pupil, at their page, has a learner that they have not seen: they guess first how far it got. */
export function isGuessing(
  { world, level, isEnded }: ClassView,
  { isHere, trained, guessClone, guessCorrected }: PupilView,
): boolean {
  if (isEnded || !isHere || !level.numbers) return false;
  if (questionFor(world, Boolean(world.canFall && world.laps)) === null) return false;
  if (trained === 1) return Number.isNaN(guessClone);
  return trained === 2 && Number.isNaN(guessCorrected);
}

/** Those of whose newest learner nothing is shown to all yet, by number. */
export function guessingIn(view: ClassView): ReadonlySet<number> {
  return new Set(
    view.pupils.filter((pupil) => isGuessing(view, pupil)).map(({ number }) => number),
  );
}

/** The class without the newest learners of some pupils: as if it had not been trained yet. */
export function withoutNewest(view: ClassView, pupils: ReadonlySet<number>): ClassView {
  return pupils.size === 0
    ? view
    : {
        ...view,
        pupils: view.pupils.map((pupil) => (pupils.has(pupil.number) ? before(pupil) : pupil)),
      };
}

function before(pupil: PupilView): PupilView {
  const curve = pupil.curve.slice(0, -1);
  return { ...pupil, curve, score: curve.at(-1)?.score ?? Number.NaN };
}
