import type { Feeling } from "./feeling.ts";

/** Seconds from still air to a full gust, and how fast it dies down, 1/s. */
const rise = 0.16;
const decay = 3.2;
/** How fast a gust's front crosses the picture, units a second. */
const pace = 11;
/** Less than this cannot be seen, and is all that there is anywhere so many seconds after a gust. */
const least = 0.02;
const calmAfter = 2.5;

export interface Wind {
  /** In [0, 1]. */
  readonly strength: number;
  /** Radians. */
  readonly toward: number;
  /** Seconds since its front came by. */
  readonly age: number;
}

/**
 * The wind at a place: the gust that has just caught whoever is under way, or the one that is coming.
 * Its front crosses the picture, so that upwind of them it blows a little earlier.
 */
export function windAt({ pose, gust, coming }: Feeling, x: number, y: number): Wind | null {
  const winds = [
    gust && windOf(gust.toward, gust.age, x - gust.x, y - gust.y),
    coming && windOf(coming.toward, -coming.within, x - pose.x, y - pose.y),
  ].filter((wind) => wind !== null && wind !== undefined);
  return winds.reduce<Wind | null>(
    (most, wind) => (most && most.strength >= wind.strength ? most : wind),
    null,
  );
}

/** Whether there may be wind anywhere. */
export function isWindy({ gust, coming }: Feeling): boolean {
  return Boolean(coming) || (gust !== null && gust.age < calmAfter);
}

/** @param age seconds since it came to where dx and dy are counted from */
function windOf(toward: number, age: number, dx: number, dy: number): Wind | null {
  const along = dx * Math.cos(toward) + dy * Math.sin(toward);
  const here = age - along / pace;
  if (here <= -rise) return null;
  const strength = here < 0 ? 1 + here / rise : Math.exp(-decay * here);
  return strength < least ? null : { strength, toward, age: here };
}
