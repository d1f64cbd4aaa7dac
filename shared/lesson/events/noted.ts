import * as z from "zod";
import { key } from "../fields.ts";
import { refusal } from "../refusal.ts";
import { type Step, steps } from "../steps.ts";
import type { InstantKind } from "./event.ts";

/** The owner wrote something down. */
export interface Noted {
  readonly type: "noted";
  /** Of the lesson, at which it was written. */
  readonly step: Step;
  /** Plain text, without space around it; 1 to {@link longestNote} UTF-16 code units. */
  readonly text: string;
}

/** UTF-16 code units. */
export const longestNote = 2000;
/** Notes in a lesson: each further one copies their list. */
const mostNotes = 1000;

const note = { step: z.enum(steps), text: z.string().trim().min(1).max(longestNote) };
const schema = z.strictObject({ key, ...note });

export const noted: InstantKind<Noted, "note", typeof schema> = {
  request: { name: "note", schema },
  stored: z.object({ type: z.literal("noted"), ...note }),
  decide: ({ notes }, { step, text }) =>
    notes.length < mostNotes
      ? { type: "noted", step, text }
      : refusal("full", `A lesson has at most ${mostNotes} notes.`),
  apply: (lesson, { seq, step, text }, lists) => ({
    ...lesson,
    notes: lists.append(lesson.notes, { seq, step, text }),
  }),
};
