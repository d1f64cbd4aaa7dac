import { count } from "../../shared/plural.ts";

/** At most so many for one star, for two, and for three. */
type Bounds = readonly [number, number, number];

/** What a level asks for. Whether it is reached is measured from the lesson alone. */
export type Goal =
  | {
      /** A learner that goes on for so long before its first crash. */
      readonly kind: "hold";
      /** Median over the held-out starts. */
      readonly laps: number;
      /** Answers that it had. */
      readonly answers: Bounds;
      /** Most demonstrations; any number where it is left out. */
      readonly drives?: number;
    }
  | {
      /** A reward map that leads to walks as good as the best, under the taste that was dealt. */
      readonly kind: "wish";
      /** Demonstrations that it is from. */
      readonly walks: Bounds;
      /** Whether the walks are to be good in other gardens instead of this one. */
      readonly elsewhere: boolean;
    };

/** The goal as one would be told it. */
export function sayGoal(goal: Goal): string {
  if (goal.kind === "wish") {
    const most = count(goal.walks[0], "walk");
    return goal.elsewhere
      ? `You show at most ${most}. The reward map then finds good walks in other gardens, too.`
      : `You show at most ${most}. The reward map then finds the taste on your card.`;
  }
  const drives = goal.drives === undefined ? "" : `${count(goal.drives, "demonstration")} and `;
  return `Your learner drives ${count(goal.laps, "lap")} without a crash. You give it ${drives}at most ${count(goal.answers[0], "answer")}. You answer in Correct.`;
}

/** What more stars take. */
export function sayStars(goal: Goal): string {
  const [, two, three] = goal.kind === "wish" ? goal.walks : goal.answers;
  const unit = goal.kind === "wish" ? "walk" : "answer";
  return `Two stars: at most ${count(two, unit)}. Three: at most ${count(three, unit)}.`;
}

/** How many stars so many answers, or walks, are worth, where the rest of the goal is reached. */
export function starsFor(bounds: Bounds, used: number): number {
  return bounds.filter((most) => used <= most).length;
}

/** The goal in one short line, beside the level's name. */
export function nameGoal(goal: Goal): string {
  if (goal.kind === "hold") return `${goal.laps} laps before the first crash`;
  return goal.elsewhere ? "good walks in other gardens" : "find the taste on your card";
}
