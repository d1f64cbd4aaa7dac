import { count } from "../../plural.ts";
import type { Trajectory } from "../episode.ts";
import type { Measure } from "../measure.ts";
import { Outcome } from "../world.ts";
import type { Track, TrackPosition } from "./track.ts";

/** Falls; of two drives with as many, the one that came farther is the better one. */
export function measureOn(track: Track): Measure {
  const say = (falls: number) => count(falls, "crash", "crashes");
  const of: Measure["of"] = ({ outcomes }) =>
    outcomes.reduce((n, outcome) => n + (outcome === Outcome.fell ? 1 : 0), 0);
  return {
    name: "falls",
    unit: "crashes a drive",
    better: "fewer",
    scale: "count",
    after: "crashes",
    of,
    say,
    score(episode) {
      const falls = of(episode);
      const laps = lapsOf({ track }, episode);
      return { ranks: [falls, -laps], words: `${say(falls)}, ${laps.toFixed(2)} laps` };
    },
  };
}

/** How often an episode went round a road, forwards less backwards. */
export function lapsOf(
  { track }: { readonly track: Track },
  { states, length }: Pick<Trajectory, "states" | "length">,
): number {
  const stateSize = states.length / (length + 1);
  const place: TrackPosition = { along: 0, offset: 0, heading: 0, curvature: 0 };
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
