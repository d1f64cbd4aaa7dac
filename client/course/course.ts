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
    idea: "You drive without wind. Your clone drives in wind.",
    world: "fair",
    goal: { kind: "hold", laps: 2, answers: [72, 48, 24] },
  },
  {
    name: "wind",
    title: "Wind",
    idea: "You drive in wind too. So your clone sees how you come back.",
    world: "oval",
    goal: { kind: "hold", laps: 3, answers: [72, 36, 12] },
  },
  {
    name: "late-hands",
    title: "Late hands",
    idea: "You react late, and your clone copies that. When time stops, you are not late.",
    world: "by-keys",
    goal: { kind: "hold", laps: 3, answers: [72, 48, 24], drives: 1 },
  },
  {
    name: "ask-less",
    title: "Ask less",
    idea: "Fewer answers than before: with good questions each answer counts more.",
    world: "fair-chicane",
    goal: { kind: "hold", laps: 5, answers: [48, 36, 24] },
  },
  {
    name: "the-wish",
    title: "What you like",
    idea: "Your way home shows what you like and what you avoid.",
    world: "garden",
    goal: { kind: "wish", walks: [8, 5, 3], elsewhere: false },
  },
  {
    name: "same-wish",
    title: "Same taste, new garden",
    idea: "In a new garden your way home is new. What you like is the same.",
    world: "maze",
    goal: { kind: "wish", walks: [10, 7, 4], elsewhere: true },
  },
];

/** "Level 2: Wind" */
export function nameLevel(level: CourseLevel): string {
  return `Level ${course.indexOf(level) + 1}: ${level.title}`;
}

/** The level after this one; null after the last. */
export function nextOf(level: CourseLevel): CourseLevel | null {
  return course[course.indexOf(level) + 1] ?? null;
}
