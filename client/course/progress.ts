import * as z from "zod";
import { recall, remember } from "../browser/local-storage.ts";
import { type CourseLevel, course } from "./course.ts";

const starsKey = "dagger-dojo.stars";
const levelKey = (lesson: string) => `dagger-dojo.level.${lesson}`;

const stars = z.record(z.string(), z.int().min(0).max(3));
export type Stars = Readonly<z.infer<typeof stars>>;

/** Levels of lessons that this page has begun, for browsers that keep nothing. */
const begun = new Map<string, string>();

/** The stars that were reached in this browser, by level. */
export function keptStars(): Stars {
  try {
    return stars.parse(JSON.parse(recall(starsKey) ?? "{}"));
  } catch {
    return {};
  }
}

/** Keeps the stars of a level if there were never as many. */
export function keepStars({ name }: CourseLevel, reached: number): void {
  const before = keptStars();
  if (reached > (before[name] ?? 0))
    remember(starsKey, JSON.stringify({ ...before, [name]: reached }));
}

const celebratedKey = (lesson: string) => `dagger-dojo.celebrated.${lesson}`;

/** Stars that were celebrated, by lesson, for browsers that keep nothing. */
const celebrated = new Map<string, number>();

/** Whether these are more stars than were celebrated in this lesson and browser; from now on they are. */
export function isNewsIn(lesson: string, reached: number): boolean {
  const before = celebrated.get(lesson) ?? Number(recall(celebratedKey(lesson)) ?? 0);
  if (reached <= before) return false;
  celebrated.set(lesson, reached);
  remember(celebratedKey(lesson), String(reached));
  return true;
}

/** The first level without a star; the first of all where each has one. */
export function levelToPlay(stars: Stars): CourseLevel {
  return course.find(({ name }) => !stars[name]) ?? course[0];
}

/** Which level a lesson plays; null where it plays none, or another browser began it. */
export function levelOf(lesson: string): CourseLevel | null {
  const kept = begun.get(lesson) ?? recall(levelKey(lesson));
  return course.find(({ name }) => name === kept) ?? null;
}

/** Whether a lesson plays a level that asks for the reward map. */
export function wantsMap(lesson: string): boolean {
  return levelOf(lesson)?.goal.kind === "wish";
}

/** How many demonstrations the goal of a lesson's level allows; any number where it says nothing of them. */
export function mostDrives(lesson: string): number {
  const goal = levelOf(lesson)?.goal;
  return (goal?.kind === "hold" ? goal.drives : undefined) ?? Number.POSITIVE_INFINITY;
}

export function keepLevelOf(lesson: string, { name }: CourseLevel): void {
  begun.set(lesson, name);
  remember(levelKey(lesson), name);
}
