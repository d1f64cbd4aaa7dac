import type { Label } from "../../../shared/imitation/dataset.ts";
import type { Round } from "../../../shared/lesson/lesson.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { statesAsked } from "./action-field.ts";

/** A label and the number of the event that brought it, which is its name. */
export interface NumberedLabel extends Label {
  readonly seq: number;
}

/** The labels that came and went. Plain data. */
export interface LabelChanges {
  /** The events that brought the labels that were taken back. */
  readonly removed: readonly number[];
  readonly added: readonly NumberedLabel[];
}

/** Which answers to a round's questions were taken back, and which were given, from `before` to `now`. */
export function labelChanges(world: Level, before: Round, now: Round): LabelChanges {
  const states = statesAsked(world, now);
  return {
    removed: before.answered.filter((seq) => !now.answered.includes(seq)),
    added: now.answered.flatMap((seq, i) =>
      before.answered.includes(seq)
        ? []
        : [{ seq, state: states[i]!.slice(), action: now.answers[i]! }],
    ),
  };
}

/** The one new answer; null where that is not all that changed. */
export function newlyAnswered({ removed, added }: LabelChanges): NumberedLabel | null {
  return removed.length === 0 && added.length === 1 ? added[0]! : null;
}
