import type { Level } from "../level.ts";
import { coast, left, right, swinging } from "./dynamics.ts";
import { landscapeOf } from "./landscape.ts";
import { lattice } from "./lattice.ts";
import { measureAt } from "./measure.ts";

const stepsPerSecond = 20;
/** Units to either side of the car that a pointer has to be at for it to push. */
const reach = 0.3;

/** A car in a valley, where gravity is so strong. */
export function mountainWith({
  gravity,
  ...said
}: Pick<Level, "name" | "title" | "teaches" | "another"> & { readonly gravity: number }): Level {
  const picture = landscapeOf(gravity);
  return {
    kind: "mountain",
    ...said,
    task: "Drive up to the flag. The engine is too weak for that, so swing back and forth.",
    ...swinging(gravity),
    legend: {
      state: ["position, units", "velocity, units a step"],
      action: ["number of the push"],
      observation: "nearness, in [0, 1], to each of 10 × 10 patches of position and velocity",
    },
    measure: measureAt(stepsPerSecond),
    lattice,
    picture,
    steering: {
      pace: "runs",
      stepsPerSecond,
      keys: { left: [left], space: [coast], right: [right] },
      rest: [coast],

      toward(state, x, _y, action) {
        const aside = x - picture.pose(state).x;
        action[0] = aside > reach ? right : aside < -reach ? left : coast;
      },
    },
  };
}
