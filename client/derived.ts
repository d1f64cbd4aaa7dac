import { regretOf } from "../shared/irl/taste.ts";
import type { Lesson } from "../shared/lesson/lesson.ts";
import { count } from "../shared/plural.ts";
import { type Episode, replay, type Trajectory } from "../shared/worlds/episode.ts";
import { worlds } from "../shared/worlds/index.ts";
import type { Measure, World } from "../shared/worlds/world.ts";
import type { Trail } from "./play/activity.ts";
import { type Path, pathOf, trailsOf } from "./play/trails.ts";

const trajectories = new WeakMap<Episode, Trajectory>();
const paths = new WeakMap<Episode, Path>();

/** The episode, replayed; computed once. */
export function trajectoryOf(episode: Episode): Trajectory {
  let trajectory = trajectories.get(episode);
  if (!trajectory) {
    trajectory = replay(worlds[episode.world]!, episode);
    trajectories.set(episode, trajectory);
  }
  return trajectory;
}

export function pathOfEpisode(episode: Episode): Path {
  let path = paths.get(episode);
  if (!path) {
    path = pathOf(worlds[episode.world]!, trajectoryOf(episode));
    paths.set(episode, path);
  }
  return path;
}

/** Everything the person has shown, to lie faintly beneath what goes on. */
export function demonstrationTrails({ demonstrations }: Lesson): Trail[] {
  return demonstrations.flatMap(({ episode }) =>
    trailsOf(pathOfEpisode(episode), "expert", "faint"),
  );
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The person's own measure over their demonstrations; null before the first. */
export function ownMeasure({ world, demonstrations }: Lesson): number | null {
  if (demonstrations.length === 0) return null;
  const { measure } = worlds[world]!;
  return mean(demonstrations.map(({ episode }) => measure.of(trajectoryOf(episode))));
}

export function formatMeasure(value: number, { format }: Measure): string {
  if (format === "share") return `${Math.round(100 * value)} %`;
  return value.toFixed(format === "distance" ? 2 : value < 10 ? 1 : 0);
}

export function formatTime(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/**
 * An episode in a few words: how long it was, how well it went and, under a taste, what it cost more
 * than the best one.
 */
export function describe(world: World, taste: string | null, trajectory: Trajectory): string {
  const { measure } = world;
  const { length } = trajectory;
  const value = measure.of(trajectory);
  const long = world.stepsPerSecond
    ? `${(length / world.stepsPerSecond).toFixed(1)} s`
    : count(length, "move");
  if (measure.format === "share") {
    const cost =
      taste && value
        ? `, ${sayCost(regretOf(world, world.tastes![taste]!.weights, trajectory))}`
        : "";
    return `${long}, ${value ? "" : "not "}${measure.name}${cost}`;
  }
  if (measure.format === "distance") return `${long}, ${formatMeasure(value, measure)} off`;
  return `${long}, ${value} ${value === 1 ? measure.name.replace(/s$/, "") : measure.name}`;
}

function sayCost(regret: number): string {
  return regret < 0.05 ? "as cheap as can be" : `${regret.toFixed(1)} dearer than need be`;
}
