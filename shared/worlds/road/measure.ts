import { count } from "../../plural.ts";
import { type Trajectory, untilFall } from "../episode.ts";
import type { Measure } from "../measure.ts";
import { Outcome } from "../world.ts";
import type { Track, TrackPosition } from "./track.ts";

/** Falls; the score is how far one came before the first, as it is of a learner. */
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
      const laps = lapsOf({ track }, untilFall(episode));
      const end = of(episode) > 0 ? "before the first crash" : "without a crash";
      return { ranks: [-laps], words: `${laps.toFixed(2)} laps ${end}` };
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
