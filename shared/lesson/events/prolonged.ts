import * as z from "zod";
import type { EventKind } from "./event.ts";

/** Whoever planned the lesson has given it more rounds. No request brings it. */
export interface Prolonged {
  readonly type: "prolonged";
  /** Rounds of correcting from now on. */
  readonly rounds: number;
}

export const prolonged: EventKind<Prolonged> = {
  stored: z.object({ type: z.literal("prolonged"), rounds: z.int().min(0).max(50) }),
  apply: (lesson, { rounds }) =>
    lesson.plan ? { ...lesson, plan: { ...lesson.plan, rounds } } : lesson,
};
