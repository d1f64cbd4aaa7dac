import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Lesson, Round } from "../../../../shared/lesson/lesson.ts";
import { policyKinds } from "../../../../shared/policies/index.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { newest } from "../../../ui/newest.ts";
import { background } from "../../background.ts";
import type { LessonState } from "../../state.ts";
import type { Field } from "./action-field.ts";
import { sayChange } from "./change.ts";
import { labelChanges } from "./label-changes.ts";

/**
 * What the answers so far have made of the learner, in words.
 * @param onChange told what it would do, place by place, before and after an answer came or went
 */
export function useLearning(
  state: LessonState,
  world: Level,
  { seq, plan, answered, interventions, shadows }: Round,
  onChange: (before: Field, now: Field) => void,
): string {
  const { demonstrations } = state.lesson.value;
  const quick = policyKinds[plan.policy]!.learnsAtOnce;
  const words = useSignal("");
  const changed = useRef(onChange);
  changed.current = onChange;
  const look = useMemo(() => {
    let known: { readonly field: Field; readonly round: Round } | null = null;
    return newest(
      async (lesson: Lesson) => {
        const round = lesson.rounds.at(-1)!;
        const field = known
          ? await background().changePreview(labelChanges(world, known.round, round))
          : await background().beginPreview(lesson);
        return { field, round };
      },
      (now) => {
        const before = known;
        known = now;
        if (!before) return;
        const fewer = now.round.answers.length < before.round.answers.length;
        const verb = fewer ? "unlearned" : "learned";
        words.value = `It has ${verb} that: ${sayChange(world, before.field, now.field)}.`;
        changed.current(before.field, now.field);
      },
    );
    // Whatever else is learned from changes only from another page, and then it begins anew.
  }, [world, seq, demonstrations, interventions, shadows]);
  useEffect(() => {
    if (quick) look(state.lesson.peek());
  }, [look, answered]);
  return quick ? words.value : "A network learns from this only when you train it again.";
}
