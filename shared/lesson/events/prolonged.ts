import * as z from "zod";
import type { Lesson } from "../lesson.ts";
import type { Spend } from "../log.ts";
import { type Refusal, refusal } from "../refusal.ts";
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

/** Gives a lesson so many rounds, if its plan has fewer: once, whoever does it. */
export function prolongation(rounds: number, spend: Spend) {
  // Keys that clients choose have no space.
  const change = { key: `rounds ${rounds}`, print: "", spend };
  const decide = ({ plan }: Lesson): Prolonged | Refusal =>
    plan && plan.rounds < rounds
      ? { type: "prolonged", rounds }
      : refusal("nothing-new", "This lesson has as many rounds already.");
  return [change, decide] as const;
}
