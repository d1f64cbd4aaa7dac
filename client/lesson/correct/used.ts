import { nAligned } from "../../../shared/imitation/lag.ts";
import type { Lesson } from "../../../shared/lesson/lesson.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { labelsIn } from "./one-wheel.ts";

/** All that the next learner would have of corrections, by which a level's stars are counted. */
export function answersIn(world: Level, rounds: Lesson["rounds"]): number {
  return rounds.reduce(
    (sum, { answers, interventions, shadows }) =>
      interventions.reduce((all, { episode }) => all + labelsIn(episode.controllers), sum) +
      shadows.reduce((all, { actions, lag }) => all + nAligned(world, actions, lag), 0) +
      answers.length,
    0,
  );
}

export function sayUsed(used: number, most: number): string {
  const words = `${used} of ${most} answers used.`;
  return used < most ? words : `${words} With more than ${most} answers you cannot reach the goal.`;
}
