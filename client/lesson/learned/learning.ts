import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Lesson, Round } from "../../../shared/lesson/lesson.ts";
import { learners } from "../../../shared/policies/index.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { newest } from "../../ui/newest.ts";
import { background } from "../background.ts";
import type { LessonState } from "../state.ts";
import type { Field } from "./action-field.ts";
import { type Change, sayChange } from "./change.ts";
import { type AnswerEffect, sayEffect } from "./effect.ts";
import { labelChanges } from "./label-changes.ts";

/**
 * What the corrections so far have made of the learner, in words; null before any.
 * @param onChange told what it would do, place by place, before and after a correction came or went, and of a
 *   single answer how it would drive on from there
 */
export function useLearning(
  state: LessonState,
  world: Level,
  { seq, plan, answered, interventions, shadows }: Round,
  onChange: (before: Field, now: Field, round: Round, effect: AnswerEffect | null) => void,
): Change | null {
  const { demonstrations } = state.lesson.value;
  const quick = learners[plan.policy]!.learnsAtOnce;
  const change = useSignal<Change | null>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  const look = useMemo(() => {
    let known: { readonly field: Field; readonly round: Round } | null = null;
    return newest(
      async (lesson: Lesson) => {
        const round = lesson.rounds.at(-1)!;
        const isAnswer =
          known?.round.interventions === round.interventions &&
          known.round.shadows === round.shadows;
        const looked =
          known && isAnswer
            ? await background().changePreview(labelChanges(world, known.round, round))
            : { field: await background().beginPreview(lesson), answer: null };
        return { ...looked, round };
      },
      (now) => {
        const before = known;
        known = now;
        if (!before) return;
        const fewer = correctionsIn(now.round) < correctionsIn(before.round);
        const { answer } = now;
        const effect = answer?.effect ?? null;
        change.value =
          (effect && sayEffect(effect)) ??
          sayChange(world, now.round, before.field, now.field, fewer, answer?.isOld);
        changed.current(before.field, now.field, now.round, effect);
      },
    );
  }, [world, seq, demonstrations]);
  useEffect(() => {
    if (quick) look(state.lesson.peek());
  }, [look, answered, interventions, shadows]);
  return quick ? change.value : asNetwork;
}

const asNetwork: Change = {
  words: "This learner is a network. It learns when you press “See what it learned”.",
  short: "",
};

function correctionsIn({ answers, interventions, shadows }: Round): number {
  return answers.length + interventions.length + shadows.length;
}
