import { type Lesson, networkOf, type TrainingPlan } from "../../shared/lesson/lesson.ts";
import { imported } from "../../shared/policies/imported.ts";
import type { Level } from "../../shared/worlds/level.ts";

/** Three times what was asked for is ranked, and one question in ten comes again. */
const further = { spare: 2, repeats: 0.1 };

/** What a person can teach in a handful of episodes, and how much to ask of them in a round. */
const suggestions = {
  continuous: { policy: "gaussianProcess", query: "novel", budget: 12, drives: 2, ...further },
  discrete: { policy: "softmax", query: "novel", budget: 8, drives: 5, ...further },
} as const satisfies Record<Level["action"]["kind"], TrainingPlan>;

/** A network that came from elsewhere is what one wants to see drive. */
export function suggestedPlan(lesson: Lesson, { action }: Level): TrainingPlan {
  const suggestion = suggestions[action.kind];
  return networkOf(lesson) ? { ...suggestion, policy: imported.name } : suggestion;
}

/** `plan` with as many questions a round; one from before there were repeats has them from now on. */
export function withBudget(plan: TrainingPlan, budget: number): TrainingPlan {
  return { ...further, ...plan, budget };
}
