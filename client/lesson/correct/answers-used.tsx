import { useMemo } from "preact/hooks";
import { levelOf } from "../../course/progress.ts";
import { useStars } from "../course-goal.tsx";
import type { PanelProps } from "../state.ts";
import { answersIn, sayUsed } from "./used.ts";

/** How many of the answers that the goal of the lesson's level takes are given; nothing where there is no such goal, or it is reached. */
export function AnswersUsed({ state, world }: Pick<PanelProps, "state" | "world">) {
  const goal = levelOf(state.id)?.goal;
  const { rounds } = state.lesson.value;
  const used = useMemo(() => answersIn(world, rounds), [world, rounds]);
  const isReached = useStars(state) > 0;
  return goal?.kind !== "hold" || isReached ? null : (
    <p class="used quiet-text figures" role="status">
      {sayUsed(used, goal.answers[0])}
    </p>
  );
}
