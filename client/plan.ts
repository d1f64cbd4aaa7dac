import type { Plan } from "../shared/lesson.ts";
import type { World } from "../shared/worlds/world.ts";

/** What a person can teach in a handful of episodes, and how much to ask of them in a round. */
const suggestions = {
  continuous: { policy: "fourier", query: "novel", budget: 12, drives: 2 },
  discrete: { policy: "softmax", query: "novel", budget: 8, drives: 5 },
} as const satisfies Record<World["action"]["kind"], Plan>;

export function suggestedPlan({ action }: World): Plan {
  return suggestions[action.kind];
}
