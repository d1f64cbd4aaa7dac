import * as z from "zod";
import { contains } from "../../spaces.ts";
import { worlds } from "../../worlds/index.ts";
import { action, index, key } from "../fields.ts";
import { changeLastRound } from "../lesson.ts";
import { type AnswerRecording, answerRecording } from "../recording.ts";
import { refusal } from "../refusal.ts";
import type { InstantKind } from "./event.ts";

/** The expert's answer to one of the last round's questions. */
export interface Labelled {
  readonly type: "labelled";
  readonly round: number;
  /** Of the question. */
  readonly index: number;
  /** [width] */
  readonly action: readonly number[];
  /** How it was answered; older logs are without. */
  readonly recording?: AnswerRecording | undefined;
}

const schema = z.strictObject({
  key,
  round: index,
  index,
  action,
  recording: answerRecording.optional(),
});

export const labelled: InstantKind<Labelled, "label", typeof schema> = {
  request: { name: "label", schema, corrects: true },

  stored: z.object({
    type: z.literal("labelled"),
    round: index,
    index,
    action,
    recording: answerRecording.optional(),
  }),

  decide(lesson, { round, index, action, recording }) {
    const current = lesson.rounds.at(-1);
    if (!current || round !== lesson.rounds.length - 1)
      return refusal("stale-round", "This round has passed.");
    if (index >= current.queries.length)
      return refusal("out-of-order", `Round ${round} asks ${current.queries.length} questions.`);
    if (index !== current.answers.length) {
      const next = current.answers.length + 1;
      return refusal("out-of-order", `The question to answer next is number ${next}.`);
    }
    if (!contains(worlds[lesson.world]!.action, action))
      return refusal("bad-action", `${lesson.world} has no such action.`);
    return { type: "labelled", round, index, action, ...(recording && { recording }) };
  },

  apply: (lesson, { seq, action }, lists) =>
    changeLastRound(lesson, lists, ({ answers, answered }) => ({
      answers: lists.append(answers, action),
      answered: lists.append(answered, seq),
    })),
};
