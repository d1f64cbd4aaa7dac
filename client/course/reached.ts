import { summaryOf, toldLaps } from "../../shared/imitation/endurance.ts";
import { mean } from "../../shared/imitation/statistics.ts";
import { valueLostBy } from "../../shared/irl/taste.ts";
import { type Lesson, type Round, stepsShown } from "../../shared/lesson/lesson.ts";
import { worlds } from "../../shared/worlds/index.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { type Goal, starsFor } from "./goal.ts";

/** What walks by the map may cost more than the best ones, in moves on the lawn. */
const near = 0.5;
/**
 * The same in other gardens, as a share of what straight ways home cost more. Not all of a taste is to be seen in one
 * garden: in the maze the best walks of who hates mud go through mud.
 */
const farther = 0.5;
/** Seeds of the other gardens in which the walks are to be good. */
const otherGardens = [11, 12, 13] as const;

type Hold = Extract<Goal, { kind: "hold" }>;
type Wish = Extract<Goal, { kind: "wish" }>;

/** The stars that a lesson has reached, 0 to 3. */
export function starsIn(goal: Goal, lesson: Lesson): number {
  return goal.kind === "hold" ? starsHeld(goal, lesson) : starsWished(goal, lesson);
}

function starsHeld(goal: Hold, lesson: Lesson): number {
  if (lesson.demonstrations.length > (goal.drives ?? Number.POSITIVE_INFINITY)) return 0;
  // What a learner learned from more of them than are left is not what the goal asks for.
  const shown = stepsShown(lesson);
  const counts = ({ pairs, labels }: Round) => !goal.drives || pairs - labels <= shown;
  const reached = lesson.rounds
    .filter(counts)
    .map(({ endurance, labels }) =>
      endurance && toldLaps(summaryOf(endurance).laps) >= goal.laps
        ? starsFor(goal.answers, labels)
        : 0,
    );
  return Math.max(0, ...reached);
}

function starsWished(goal: Wish, lesson: Lesson): number {
  const wished = wishedIn(goal, lesson);
  return wished && wished.lost <= wished.bound
    ? starsFor(goal.walks, lesson.inference!.demonstrations)
    : 0;
}

/** How good walks by a map are under the taste that was dealt, in moves on the lawn; means over gardens. */
export interface Wished {
  /** What they cost more than the best walks. */
  readonly lost: number;
  /** What they may, for the goal to be reached. */
  readonly bound: number;
  /** In how many gardens they were tried. */
  readonly gardens: number;
}

/** Null where no taste was dealt, or there is no map yet. */
export function wishedIn(goal: Wish, lesson: Lesson): Wished | null {
  const { world: name, taste, inference } = lesson;
  const world = worlds[name]!;
  const dealt = taste === null ? undefined : world.tastes?.[taste];
  if (!dealt || !inference) return null;
  const gardens = goal.elsewhere ? otherGardens.map((seed) => world.another(seed)) : [world];
  const lostBy = (weights: readonly number[]) =>
    mean(gardens.map((garden) => valueLostBy(garden, dealt.weights, weights)));
  const bound = goal.elsewhere ? farther * lostBy(straightHome(world)) : near;
  return { lost: lostBy(inference.weights), bound, gardens: gardens.length };
}

/** The reward of who wants nothing but to arrive. */
function straightHome({ lattice: { nFeatures, task } }: Level): number[] {
  return Array.from({ length: nFeatures }, (_, i) => (i === task ? 1 : 0));
}
