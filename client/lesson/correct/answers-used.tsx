import { useMemo } from "preact/hooks";
import { levelOf } from "../../course/progress.ts";
import { useStars } from "../course-goal.tsx";
import type { PanelProps } from "../state.ts";
import { answersIn, sayUsed } from "./used.ts";

/** How many of the answers that the goal of the lesson's level takes are given; null where there is no such goal, or it is reached. */
export function useAnswersUsed({
  state,
  world,
}: Pick<PanelProps, "state" | "world">): { readonly used: number; readonly most: number } | null {
  const goal = levelOf(state.id)?.goal;
  const { rounds } = state.lesson.value;
  const used = useMemo(() => answersIn(world, rounds), [world, rounds]);
  const isReached = useStars(state) > 0;
  return goal?.kind !== "hold" || isReached ? null : { used, most: goal.answers[0] };
}

/**
 * The same in words.
 * @param more answers of a drive that are not among the lesson's yet
 * @param last answers of the drive that can be taken back
 */
export function AnswersUsed({
  state,
  world,
  more = 0,
  last = 0,
}: Pick<PanelProps, "state" | "world"> & { readonly more?: number; readonly last?: number }) {
  const found = useAnswersUsed({ state, world });
  // What counts up while one drives is not read aloud.
  return (
    found && (
      <p class="used quiet-text figures" role={more > 0 ? undefined : "status"}>
        {sayUsed(found.used + more, found.most, last)}
      </p>
    )
  );
}
