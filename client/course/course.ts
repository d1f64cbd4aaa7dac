import type { Goal } from "./goal.ts";

/** A level: one idea, in one world, with a goal. */
export interface CourseLevel {
  /** Its key in this browser's memory. */
  readonly name: string;
  readonly title: string;
  /** Its one idea, in a sentence or two. */
  readonly idea: string;
  /** Key in the registry of worlds. */
  readonly world: string;
  readonly goal: Goal;
  /** The way of correcting that it begins with; time-stop where it is left out. */
  readonly way?: string;
}

/** The levels in the order in which one would play them. */
export const course: readonly [CourseLevel, ...CourseLevel[]] = [
  // One entry each.
  {
    name: "fair-weather",
    title: "Fair weather",
    idea: "You drive in calm air. Your copy has to drive in wind.",
    world: "road",
    goal: { kind: "hold", laps: 3, answers: [72, 48, 24] },
  },
  {
    name: "wind",
    title: "Wind",
    idea: "Now you drive in wind too, and your copy sees how you come back.",
    world: "oval",
    goal: { kind: "hold", laps: 5, answers: [48, 24, 0] },
  },
  {
    name: "late-hands",
    title: "Late hands",
    idea: "Hands are always a little late, and your copy learns that too. While time stands still, you are on time.",
    world: "road",
    goal: { kind: "hold", laps: 5, answers: [84, 60, 36], drives: 1 },
  },
  {
    name: "ask-less",
    title: "Ask less",
    idea: "Few answers are enough, if they are about the right places.",
    world: "chicane",
    goal: { kind: "hold", laps: 5, answers: [60, 40, 24] },
  },
  {
    name: "the-wish",
    title: "The wish behind it",
    idea: "Where you walk tells what you like, and what you avoid.",
    world: "garden",
    goal: { kind: "wish", walks: [8, 5, 3], elsewhere: false },
  },
  {
    name: "same-wish",
    title: "Same wish, new garden",
    idea: "In another garden your steps are of no use. What you like still is.",
    world: "maze",
    goal: { kind: "wish", walks: [10, 7, 4], elsewhere: true },
  },
];

/** The level after this one; null after the last. */
export function nextOf(level: CourseLevel): CourseLevel | null {
  return course[course.indexOf(level) + 1] ?? null;
}
