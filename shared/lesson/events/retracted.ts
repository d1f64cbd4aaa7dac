import * as z from "zod";
import { key, seq } from "../fields.ts";
import { changeLastRound } from "../lesson.ts";
import { refusal } from "../refusal.ts";
import type { InstantKind } from "./event.ts";

/** The expert took back an intervention or a shadow. */
export interface Retracted {
  readonly type: "retracted";
  /** The event that brought it. */
  readonly correction: number;
}

const schema = z.strictObject({ key, correction: seq });

export const retracted: InstantKind<Retracted, "retract", typeof schema> = {
  request: { name: "retract", schema, corrects: true },

  stored: z.object({ type: z.literal("retracted"), correction: seq }),

  decide(lesson, { correction }) {
    const { interventions = [], shadows = [] } = lesson.rounds.at(-1) ?? {};
    return [...interventions, ...shadows].some(({ seq }) => seq === correction)
      ? { type: "retracted", correction }
      : refusal(
          "unknown-correction",
          "There is no such drive in this round; it may have been taken back already.",
        );
  },

  apply: (lesson, { correction }, lists) =>
    changeLastRound(lesson, lists, ({ interventions, shadows }) => ({
      interventions: interventions.filter(({ seq }) => seq !== correction),
      shadows: shadows.filter(({ seq }) => seq !== correction),
    })),
};
