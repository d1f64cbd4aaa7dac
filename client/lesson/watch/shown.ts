import type { Lesson } from "../../../shared/lesson/lesson.ts";
import { correctionsIn } from "../../../shared/lesson/training.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { fallsOf } from "../../drawing/trails.ts";
import { pathOfEpisode } from "../../worlds/replays.ts";
import type { Shown } from "./highlights.ts";

/** What the learner of the last round was shown: what was corrected before it was shown, too. */
export function shownIn(world: Level, { demonstrations, rounds }: Lesson): Shown {
  const paths = demonstrations.map(({ episode }) => pathOfEpisode(episode));
  const corrected = rounds
    .slice(0, -1)
    .flatMap((round) => correctionsIn(world, round))
    .flatMap(({ labels }) => labels.map(({ state }) => world.picture.pose(state)));
  return {
    poses: [...paths.flatMap(({ poses }) => poses), ...corrected],
    falls: paths.flatMap((path) => fallsOf(path)),
    corrected,
  };
}
