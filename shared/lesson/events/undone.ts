import * as z from "zod";
import { index, key } from "../fields.ts";
import { changeLastRound } from "../lesson.ts";
import { refusal } from "../refusal.ts";
import type { InstantKind } from "./event.ts";

/** The expert took their last answer back. */
export interface Undone {
  readonly type: "undone";
  readonly round: number;
  /** Of the question. */
  readonly index: number;
}

const schema = z.strictObject({ key, round: index, index });

export const undone: InstantKind<Undone, "undo", typeof schema> = {
  request: { name: "undo", schema, corrects: true },

  stored: z.object({ type: z.literal("undone"), round: index, index }),

  decide(lesson, { round, index }) {
    const current = lesson.rounds.at(-1);
    if (!current || round !== lesson.rounds.length - 1)
      return refusal("stale-round", "This round has passed.");
    const { length } = current.answers;
    if (length === 0) return refusal("out-of-order", "There is no answer to take back.");
    if (index !== length - 1)
      return refusal("out-of-order", `The answer to take back first is number ${length}.`);
    return { type: "undone", round, index };
  },

  apply: (lesson, _, lists) =>
    changeLastRound(lesson, lists, ({ answers, answered }) => ({
      answers: lists.dropLast(answers),
      answered: lists.dropLast(answered),
    })),
};
