import type { Level } from "../level.ts";
import type { Steering } from "../steering.ts";
import { deviationFrom, drivingOn, halfWidth, steering, toward } from "./dynamics.ts";
import { latticeOn } from "./lattice.ts";
import { lostOn } from "./lost.ts";
import { lapsOf, measureOn } from "./measure.ts";
import type { Track } from "./track.ts";
import { viewpointsAlong } from "./viewpoints.ts";

const verge = 0.6; // units drawn beside the road
const agent = 0.42; // length of the car, units

/** A level that is a car on a road. */
export interface Road extends Level {
  /** The middle of the road. */
  readonly track: Track;
  readonly steering: Extract<Steering, { pace: "runs" }>;
}

/**
 * @param track the middle of the road, whose radius of curvature is about a unit at least: much
 * tighter, the inner edge would fold and no car could follow
 */
export function roadOn({
  track,
  ...said
}: Pick<Road, "name" | "title" | "teaches" | "track" | "another">): Road {
  const xs = track.points.map(([x]) => x);
  const ys = track.points.map(([, y]) => y);
  const margin = halfWidth + verge;
  const driving = drivingOn(track);
  return {
    kind: "road",
    ...said,
    ...driving,
    track,
    task: "Keep the car on the road. Gusts of wind will turn the car.",
    legend: {
      state: ["x, units", "y, units", "heading, radians from the x axis, counterclockwise"],
      action: ["turn of the car, radians a step, positive to the left"],
      observation: "x / 4, y / 4, cosine and sine of the heading",
    },
    measure: measureOn(track),
    lattice: latticeOn(track, halfWidth),
    picture: {
      bounds: {
        left: Math.min(...xs) - margin,
        right: Math.max(...xs) + margin,
        bottom: Math.min(...ys) - margin,
        top: Math.max(...ys) + margin,
      },
      agent,
      shapes: [{ kind: "ribbon", points: track.points, closed: true, halfWidth }],
      pose: (state) => ({ x: state[0]!, y: state[1]!, heading: state[2]! }),
    },
    steering: {
      pace: "runs",
      stepsPerSecond: 20,
      keys: { left: [steering], right: [-steering] },
      // No bend takes more, and from side to side it is half the way.
      keyShare: 0.5,
      rest: [0],
      toward,
    },
    line: { deviation: deviationFrom(track), isMeasured: false },
    canFall: true,
    isLost: lostOn(driving),
    laps: (drive) => lapsOf({ track }, drive),
    weather: "turns",
    viewpoints: viewpointsAlong(track, halfWidth, agent),
  };
}
