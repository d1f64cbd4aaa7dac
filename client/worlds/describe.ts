import { regretOf } from "../../shared/irl/taste.ts";
import type { Trajectory } from "../../shared/worlds/episode.ts";
import type { Level } from "../../shared/worlds/level.ts";
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

function sayCost(regret: number): string {
  return regret < 0.05 ? "the best way" : `costs ${regret.toFixed(1)} more than the best way`;
}
