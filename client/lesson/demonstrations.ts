import { mean } from "../../shared/imitation/statistics.ts";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { fallsOf, type Trail, trailsOf } from "../drawing/trails.ts";
import { pathOfEpisode, trajectoryOf } from "../worlds/replays.ts";

/** Everything the person has shown, where it fell too, to lie faintly beneath what goes on. */
export function demonstrationTrails({ demonstrations }: Lesson): Trail[] {
  return demonstrations.flatMap(({ episode }) => {
    const path = pathOfEpisode(episode);
    const falls = new Set(fallsOf(path));
    return trailsOf(path, "expert", "faint").map((trail) =>
      falls.has(trail.points.at(-1)!) ? { ...trail, fell: true } : trail,
    );
  });
}

/** The person's own measure over their demonstrations; null before the first. */
export function ownMeasure({ world, demonstrations }: Lesson): number | null {
  if (demonstrations.length === 0) return null;
  const { measure } = worlds[world]!;
  return mean(demonstrations.map(({ episode }) => measure.of(trajectoryOf(episode))));
}
