import * as z from "zod";
import { key } from "../fields.ts";
import { refusal } from "../refusal.ts";
import { hasTaste, taste } from "../tastes.ts";
import type { InstantKind } from "./event.ts";

/** The expert was dealt another taste, or was given back their own. */
export interface Dealt {
  readonly type: "dealt";
  /** Key in the world's tastes; null for the expert's own. */
  readonly taste: string | null;
}

const schema = z.strictObject({ key, taste: taste.nullable() });

export const dealt: InstantKind<Dealt, "deal", typeof schema> = {
  request: { name: "deal", schema },

  stored: z.object({ type: z.literal("dealt"), taste: z.string().nullable() }),

  /** What was shown under one taste says nothing about another. */
  decide(lesson, { taste }) {
    if (lesson.demonstrations.length > 0)
      return refusal("bad-taste", "Delete your demonstrations first: they show another taste.");
    return taste === null || hasTaste(lesson.world, taste)
      ? { type: "dealt", taste }
      : refusal("bad-taste", `${lesson.world} has no such taste.`);
  },

  apply: (lesson, { taste }) => ({ ...lesson, taste }),
};
