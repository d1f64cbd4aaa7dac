import { summaryOf, toldLaps } from "../../shared/imitation/endurance.ts";
import { valueLostBy } from "../../shared/irl/taste.ts";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { type Goal, starsFor } from "./goal.ts";

/** What walks by the map may cost more than the best ones, in moves on the lawn. */
const near = 0.5;
/** Seeds of the other gardens in which the walks are to be good. */
const otherGardens = [11, 12, 13] as const;

/** The stars that a lesson has reached, 0 to 3. */
export function starsIn(goal: Goal, lesson: Lesson): number {
  return goal.kind === "hold" ? starsHeld(goal, lesson) : starsWished(goal, lesson);
}

function starsHeld(goal: Extract<Goal, { kind: "hold" }>, lesson: Lesson): number {
  if (lesson.demonstrations.length > (goal.drives ?? Number.POSITIVE_INFINITY)) return 0;
  const reached = lesson.rounds.map(({ endurance, labels }) =>
    endurance && toldLaps(summaryOf(endurance).laps) >= goal.laps
      ? starsFor(goal.answers, labels)
      : 0,
  );
  return Math.max(0, ...reached);
}

function starsWished(goal: Extract<Goal, { kind: "wish" }>, lesson: Lesson): number {
  const { world: name, taste, inference } = lesson;
  const world = worlds[name]!;
  const dealt = taste === null ? undefined : world.tastes?.[taste];
  if (!dealt || !inference) return 0;
  const gardens = goal.elsewhere ? otherGardens.map((seed) => world.another(seed)) : [world];
  const lost = gardens.map((garden) => valueLostBy(garden, dealt.weights, inference.weights));
  const isNear = lost.reduce((sum, one) => sum + one, 0) / lost.length <= near;
  return isNear ? starsFor(goal.walks, inference.demonstrations) : 0;
}
