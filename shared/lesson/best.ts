import { bestSoFar, headlineIn } from "../imitation/headline.ts";
import { worlds } from "../worlds/index.ts";
import type { Lesson } from "./lesson.ts";

/**
 * After each round the index of the one whose policy was the best so far on the validation starts. DAgger
 * returns that one (Ross et al. 2011, Algorithm 3.1): it is the learner that people are shown, while what
 * they correct are drives of the newest. A round of before there was a validation counts as the best.
 */
export function bestRounds({ world, rounds }: Lesson): number[] {
  if (rounds.length === 0) return [];
  const validations = rounds.map(({ validation }) => validation);
  return bestSoFar(headlineIn(worlds[world]!), validations);
}

/** Index of the round whose policy is the best so far; null before the first. */
export function bestRound(lesson: Lesson): number | null {
  return bestRounds(lesson).at(-1) ?? null;
}
