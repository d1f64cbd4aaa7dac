import { mean } from "../../shared/imitation/statistics.ts";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { type Trail, trailsOf } from "../drawing/trails.ts";
import { pathOfEpisode, trajectoryOf } from "../worlds/replays.ts";

/** Everything the person has shown, to lie faintly beneath what goes on. */
export function demonstrationTrails({ demonstrations }: Lesson): Trail[] {
  return demonstrations.flatMap(({ episode }) =>
    trailsOf(pathOfEpisode(episode), "expert", "faint"),
  );
}

/** The person's own measure over their demonstrations; null before the first. */
export function ownMeasure({ world, demonstrations }: Lesson): number | null {
  if (demonstrations.length === 0) return null;
  const { measure } = worlds[world]!;
  return mean(demonstrations.map(({ episode }) => measure.of(trajectoryOf(episode))));
}
