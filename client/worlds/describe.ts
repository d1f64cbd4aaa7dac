import { regretOf } from "../../shared/irl/taste.ts";
import type { Trajectory } from "../../shared/worlds/episode.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { sayCost } from "../../shared/worlds/measure.ts";
import { sayLength } from "./format.ts";

/**
 * An episode in a few words: how long it was, how well it went and, under a taste, what it cost more
 * than the best one.
 */
export function describe(world: Level, taste: string | null, trajectory: Trajectory): string {
  const { measure } = world;
  const value = measure.of(trajectory);
  const regret = taste && value ? regretOf(world, world.tastes![taste]!.weights, trajectory) : null;
  const cost = regret === null ? "" : `, ${sayCost(regret)}`;
  return `${sayLength(world, trajectory.length)}, ${measure.say(value)}${cost}`;
}
