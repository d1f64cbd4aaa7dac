import { paceOf } from "../../../shared/class/pace.ts";
import type { PupilRequest, PupilView as Seat } from "../../../shared/class/requests.ts";
import type { Leading } from "../../lesson/leading.ts";
import type { Asking } from "../asking.ts";
import type { ClassConnection } from "../connection.ts";

/** What a class's teacher says to a pupil's lesson. @param asking for what the class is told */
export function leadingOf(
  { view, isTimeUp }: ClassConnection,
  asking: Asking,
  { class: id, pupil, secret }: Pick<Seat, "class" | "pupil" | "secret">,
): Leading {
  const isStopped = () => (view.value?.isFrozen ?? false) || isTimeUp.value;
  return {
    isStopped,
    hold(lesson, name) {
      const now = view.value;
      if (!now || isStopped()) return null;
      const { isEnded, isFrozen, level, rounds } = now;
      const step = now.step < 0 ? null : now.step;
      const paced = { isEnded, isFrozen, endsAt: null, step, level, rounds };
      return paceOf(paced, 0, lesson, name)?.reason ?? null;
    },
    guessed(about, score) {
      const request: PupilRequest = { type: "guess", about, score };
      // What the class knows already, by another page of theirs, is not said once more.
      void asking.ask(`/api/classes/${id}/pupil`, { pupil, secret, request });
    },
    lacksGuess(about) {
      const own = view.value?.pupils.find(({ number }) => number === pupil);
      if (!own || view.value?.isEnded) return false;
      return Number.isNaN(about === "clone" ? own.guessClone : own.guessCorrected);
    },
  };
}
