import * as z from "zod";
import { worlds } from "../../worlds/index.ts";
import { type LessonPlan, storedPlan } from "../plan.ts";
import { hasTaste, taste } from "../tastes.ts";
import type { EventKind } from "./event.ts";

/** The lesson's beginning: its first event. */
export interface Created {
  readonly type: "created";
  readonly world: string;
  /** Key in the world's tastes of the one that the expert was dealt; null where they play their own. */
  readonly taste: string | null;
  /** What somebody else has planned for the lesson, where somebody has. */
  readonly plan?: LessonPlan | undefined;
}

/** A lesson may begin without a word of taste, and before there were tastes every lesson did. */
type Stored = Omit<Created, "taste"> & { readonly taste?: Created["taste"] | undefined };

/** Body of `POST /api/lessons`; the answer is the new lesson's address and secret. */
export const newLesson = z
  .strictObject({ world: z.enum(Object.keys(worlds)), taste: taste.nullish() })
  .refine(({ world, taste }) => taste == null || hasTaste(world, taste), "There is no such taste");

export type NewLesson = z.infer<typeof newLesson>;

/** A new lesson whose plan is not the wish of whoever sends a request. */
export type PlannedLesson = NewLesson & Pick<Created, "plan">;

export const created: EventKind<Created, Stored> = {
  stored: z.object({
    type: z.literal("created"),
    world: z.string(),
    taste: z.string().nullable().default(null),
    plan: storedPlan.optional(),
  }),

  apply: (lesson, { world, taste, plan }) => ({ ...lesson, world, taste, ...(plan && { plan }) }),
};
