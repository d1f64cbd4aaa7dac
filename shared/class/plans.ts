import type * as z from "zod";
import { type PlannedLevel, plannedLevel } from "../lesson/plan.ts";

/** A plan for a class that is ready to be used. */
export interface ReadyPlan {
  readonly title: string;
  /** What the class will see, in a sentence. */
  readonly about: string;
  /** As a study's file has it. */
  readonly level: z.input<typeof plannedLevel>;
}

/** By the name by which a class is begun with one. */
export const readyPlans = {
  "fair-weather": {
    title: "Fair weather",
    about:
      "Everybody shows one lap in still air; the copies drive in gusts, and answers help them.",
    level: {
      title: "Fair weather",
      world: "fair",
      demonstrations: { least: 1, most: 1, seeds: [50001] },
      learner: { policy: "gaussianProcess", query: "novel", budget: 12, drives: 2, repeats: 0.2 },
      rounds: 3,
      corrections: { ways: ["time-stop"], least: 10, most: 12 },
      tools: ["undo", "race"],
    },
  },
  "late-hands": {
    title: "Late hands",
    about:
      "Hands at the wheel are late, answers in stopped time are not: one class corrects in both ways.",
    level: {
      title: "Late hands",
      world: "road",
      demonstrations: { least: 2, most: 2, seeds: [50001, 50002] },
      learner: { policy: "gaussianProcess", query: "novel", budget: 12, drives: 2, repeats: 0.2 },
      rounds: 3,
      corrections: { ways: ["time-stop", "shadow"], least: 1, most: 14 },
      tools: ["undo", "race"],
    },
  },
  "what-do-you-want": {
    title: "What do you want?",
    about: "Everybody walks as they like; what they were after is read from how they walked.",
    level: {
      title: "What do you want?",
      world: "garden",
      demonstrations: { least: 3, most: 5, seeds: [50001, 50002, 50003, 50004, 50005] },
      learner: null,
      tools: ["undo", "reward"],
    },
  },
} as const satisfies Record<string, ReadyPlan>;

export type ReadyPlanName = keyof typeof readyPlans;
export const readyPlanNames = Object.keys(readyPlans) as ReadyPlanName[];

/** A ready plan, in full. */
export function readyLevel(name: ReadyPlanName): PlannedLevel {
  return plannedLevel.parse(readyPlans[name].level);
}
