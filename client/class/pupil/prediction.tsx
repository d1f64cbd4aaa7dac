import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { questionFor } from "../../../shared/lesson/guess.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { keepGuess } from "../../lesson/guesses.ts";
import { Notice } from "../../ui/notice.tsx";
import { Asking } from "../asking.ts";
import type { PupilView } from "../view.ts";

/** Asks, before a learner is trained, how well it will do; nothing where there is nothing to ask, or it was answered. */
export function Prediction({
  world,
  id,
  lesson,
  pupil,
  secret,
}: {
  world: Level;
  id: string;
  /** Address of the pupil's lesson. */
  lesson: string;
  pupil: PupilView;
  secret: string;
}) {
  const { activity, trained, isTraining, number } = pupil;
  const asking = useMemo(() => new Asking(), []);
  useEffect(() => () => asking.close(), [asking]);
  const chosen = useSignal<string | null>(null);
  const question = questionFor(world, Boolean(world.canFall && world.laps));
  const about =
    activity === "cloning"
      ? "clone"
      : activity === "retraining" && trained === 1
        ? "corrected"
        : null;
  if (question === null || about === null || isTraining) return null;
  if (chosen.value !== null)
    return (
      <p role="status" class="quiet-text">
        Your guess: {chosen.value.toLowerCase()}.
      </p>
    );
  const given = about === "clone" ? pupil.guessClone : pupil.guessCorrected;
  if (!Number.isNaN(given)) return null;
  return (
    <fieldset class="prediction">
      <legend>
        {about === "clone"
          ? "Before it drives: how well will your clone do?"
          : "Before it drives again: how well will it do now?"}{" "}
        {question.words}
      </legend>
      {question.choices.map(({ words, typical }, i) => (
        <button
          key={words}
          type="button"
          disabled={asking.busy.value}
          onClick={async () => {
            const request = { type: "guess", about, score: typical };
            const body = { pupil: number, secret, request };
            if (!(await asking.ask(`/api/classes/${id}/pupil`, body))) return;
            // So that the lesson does not ask again.
            keepGuess(lesson, about, i);
            chosen.value = words;
          }}
        >
          {words}
        </button>
      ))}
      {asking.trouble.value && <Notice>{asking.trouble.value}</Notice>}
    </fieldset>
  );
}
