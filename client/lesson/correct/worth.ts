import { count } from "../../../shared/plural.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";

/** How many answers it is worth to drive for a while: each step that the person takes is one. */
export function sayWorth({ steering }: Level): string {
  if (steering.pace !== "runs") return "Each move of yours counts as one answer.";
  return `Each second that you drive counts as ${count(stepsIn(steering, 1, 1), "answer")}.`;
}
