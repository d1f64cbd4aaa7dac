import { worlds } from "../../shared/worlds/index.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { createLesson } from "../net/new-lesson.ts";
import type { CourseLevel } from "./course.ts";
import { keepLevelOf } from "./progress.ts";

/**
 * Starts a lesson in a world, and returns its address.
 * @param taste one of the world's; by chance where it is left out
 * @throws NoAnswer where there is none to be had
 */
export function beginIn(world: Level, taste = dealt(world)): Promise<string> {
  return createLesson({ world: world.name, taste });
}

/** Starts a lesson that plays a level, likewise. */
export async function beginLevel(level: CourseLevel, taste?: string): Promise<string> {
  const lesson = await beginIn(worlds[level.world]!, taste);
  keepLevelOf(lesson, level);
  return lesson;
}

/** One of the world's tastes, by chance; null where it has none. */
function dealt({ tastes = {} }: Level): string | null {
  const names = Object.keys(tastes);
  return names[crypto.getRandomValues(new Uint32Array(1))[0]! % names.length] ?? null;
}
