import * as z from "zod";
import { key, seq } from "../fields.ts";
import { refusal } from "../refusal.ts";
import type { InstantKind } from "./event.ts";

/** The expert deleted a demonstration. */
export interface Forgotten {
  readonly type: "forgotten";
  /** The event that brought it. */
  readonly demonstration: number;
}

const schema = z.strictObject({ key, demonstration: seq });

export const forgotten: InstantKind<Forgotten, "forget", typeof schema> = {
  request: { name: "forget", schema },

  stored: z.object({ type: z.literal("forgotten"), demonstration: seq }),

  decide: (lesson, { demonstration }) =>
    lesson.demonstrations.some(({ seq }) => seq === demonstration)
      ? { type: "forgotten", demonstration }
      : refusal(
          "unknown-demonstration",
          "There is no such demonstration; it may have been deleted already.",
        ),

  apply: (lesson, { demonstration }) => ({
    ...lesson,
    demonstrations: lesson.demonstrations.filter(({ seq }) => seq !== demonstration),
  }),
};
