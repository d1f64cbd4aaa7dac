import { type Episode, replay, type Trajectory } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { type Path, pathOf } from "../drawing/trails.ts";

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
