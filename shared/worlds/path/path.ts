import type { Level } from "../level.ts";
import { type Curve, clamp, climb, following, type Gusts, speed } from "./dynamics.ts";
import { latticeOf } from "./lattice.ts";
import { measureOn } from "./measure.ts";

/** A path along a curve, without gusts where they are left out. */
export function pathAlong({
  line,
  gusts,
  task = "Follow the curve, up and down.",
  ...said
}: Pick<Level, "name" | "title" | "teaches" | "another"> & {
  readonly task?: string;
  readonly line: Curve;
  readonly gusts?: Gusts;
}): Level {
  return {
    kind: "path",
    ...said,
    task,
    ...following(line, gusts),
    legend: {
      state: ["x, units", "y, units"],
      action: ["step along x, units", "step along y, units"],
      observation: "the state",
    },
    measure: measureOn(line),
    lattice: latticeOf(line),
    picture: {
      bounds: { left: -0.6, right: 7.2, bottom: -2.6, top: 2.6 },
      agent: 0.3,
      shapes: [
        {
          kind: "ribbon",
          points: Array.from({ length: 161 }, (_, i) => [i / 25, line(i / 25)] as const),
          closed: false,
          halfWidth: 0.07,
        },
      ],
      pose: (state) => ({ x: state[0]!, y: state[1]!, heading: null }),
    },
    steering: {
      pace: "runs",
      stepsPerSecond: 6,
      keys: { up: [speed, climb], down: [speed, -climb] },
      rest: [speed, 0],

      toward(state, _x, y, action) {
        action[0] = speed;
        action[1] = clamp(y - state[1]!, climb);
      },
    },
    // The curve has no edge; it is one unit high.
    line: { deviation: (state) => Math.abs(state[1]! - line(state[0]!)), isMeasured: true },
    weather: "moves",
  };
}
