import { type PlannedLevel, plannedLevel } from "../lesson/plan.ts";
import fairWeather from "./plans/fair-weather.json" with { type: "json" };
import lateHands from "./plans/late-hands.json" with { type: "json" };
import whatDoYouWant from "./plans/what-do-you-want.json" with { type: "json" };

/** A plan for a class that is ready to be used. */
export interface ReadyPlan {
  readonly title: string;
  /** What the class will see, in a sentence or two. */
  readonly about: string;
  /** As a study's file has it. */
  readonly level: object;
}

/** By the name by which a class is begun with one. */
export const readyPlans = {
  "fair-weather": fairWeather,
  "late-hands": lateHands,
  "what-do-you-want": whatDoYouWant,
} as const satisfies Record<string, ReadyPlan>;

export type ReadyPlanName = keyof typeof readyPlans;
export const readyPlanNames = Object.keys(readyPlans) as ReadyPlanName[];

/** A ready plan, in full. */
export function readyLevel(name: ReadyPlanName): PlannedLevel {
  return plannedLevel.parse(readyPlans[name].level);
}
