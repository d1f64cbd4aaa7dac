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

/** @param last how many of them come back if the last drive is taken back */
export function sayUsed(used: number, most: number, last = 0): string {
  const words = `${used} of ${most} answers used.`;
  if (used < most) return words;
  const back = used > most && used - last <= most ? " Take the last drive back, and you can." : "";
  return `${words} With more than ${most} answers you cannot reach the goal.${back}`;
}

/** That a drive of so many answers would go past the level's limit; null where it would not. */
export function warnOfDrive(used: number, most: number, answers: number): string | null {
  if (used + answers <= most) return null;
  const left = Math.max(0, most - used);
  return `This level allows ${most} answers. You have ${left} left, and a whole drive counts as up to ${answers}. After it you cannot reach the goal until you take it back.`;
}
