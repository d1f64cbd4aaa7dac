import type { Trajectory } from "./episode.ts";
import type { Road } from "./road/dynamics.ts";
import type { Place } from "./road/track.ts";
import { Outcome, type World } from "./world.ts";

/** A world as a level. */
export interface Level {
  /** Its key in the registry. */
  readonly world: string;
  /** What one learns by it, in a sentence or two. */
  readonly teaches: string;
}

/** Worlds of one kind. The first shows what all of this is about. */
export interface Door {
  readonly title: string;
  readonly levels: readonly [Level, ...Level[]];
}

/** Every world there is, in the order in which one would play them. */
export const doors: readonly Door[] = [
  {
    title: "Road",
    levels: [
      { world: "road", teaches: "Gusts take it where you never were." },
      { world: "oval", teaches: "A clone is nearly enough here. See why." },
      { world: "chicane", teaches: "Bends both ways: ask only where it is lost." },
    ],
  },
  {
    title: "Garden",
    levels: [
      { world: "garden", teaches: "Where you walk tells what you like." },
      { world: "maze", teaches: "What it was never shown, it cannot know." },
      { world: "rain", teaches: "What you keep clear of tells as much." },
    ],
  },
  {
    title: "Path",
    levels: [
      { world: "path", teaches: "Nothing to fall off: small mistakes stay small." },
      { world: "crags", teaches: "A clone cuts the corners that you cut. What you want does not." },
      {
        world: "gale",
        teaches: "Blown off, it must know the way back: correct it there.",
      },
    ],
  },
];

/** How well an episode went, to be beaten. */
export interface Score {
  /** Of two, that one is better whose first number that differs is less. */
  readonly ranks: readonly number[];
  readonly words: string;
}

/**
 * An episode's score: on a road the falls and then how far it came, where there is a line how far off
 * it, in a garden what the walk cost more than the best one. An episode that was broken off has none,
 * nor has a walk for which nobody knows what it should have cost.
 *
 * @param regret what the walk cost more than need be, under a taste; null without one
 */
export function scoreOf(world: World, trajectory: Trajectory, regret: number | null): Score | null {
  const { length, outcomes } = trajectory;
  const value = world.measure.of(trajectory);
  if (world.measure.format === "share") {
    if (value === 0 || regret === null) return null;
    return { ranks: [regret], words: sayRegret(regret) };
  }
  if (length < world.horizon && outcomes.at(-1) !== Outcome.done) return null;
  if (world.measure.format === "distance")
    return { ranks: [value], words: `${value.toFixed(2)} off` };
  const falls = `${value} ${value === 1 ? "fall" : "falls"}`;
  if (!isRoad(world)) return { ranks: [value], words: falls };
  const laps = lapsOf(world, trajectory);
  return { ranks: [value, -laps], words: `${falls}, ${laps.toFixed(2)} laps` };
}

/** Whether `score` beats the best so far. */
export function isBetter(score: Score, best: Score | null): boolean {
  if (best === null) return true;
  const i = score.ranks.findIndex((rank, i) => rank !== best.ranks[i]);
  return i >= 0 && score.ranks[i]! < (best.ranks[i] ?? Number.POSITIVE_INFINITY);
}

/** How often an episode went round a road, forwards less backwards. */
export function lapsOf({ track, stateSize }: Road, { states, length }: Trajectory): number {
  const place: Place = { along: 0, offset: 0, heading: 0, curvature: 0 };
  let last = 0;
  let sum = 0;
  for (let t = 0; t <= length; t++) {
    track.locate(states[t * stateSize]!, states[t * stateSize + 1]!, place);
    // The shorter way round: a step is never near half a lap.
    if (t > 0)
      sum += place.along - last - track.length * Math.round((place.along - last) / track.length);
    last = place.along;
  }
  return sum / track.length;
}

function isRoad(world: World): world is Road {
  return "track" in world;
}

function sayRegret(regret: number): string {
  return regret < 0.05 ? "as cheap as can be" : `${regret.toFixed(1)} dearer than the best`;
}
