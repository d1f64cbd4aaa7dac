import { cos, exp } from "../../arithmetic.ts";
import { Outcome, type World } from "../world.ts";

/** Where the car can be; what is left of it is a wall. */
export const leftmost = -1.2;
export const rightmost = 0.6;
/** Most that the position changes in a step. */
export const topSpeed = 0.07;
/** From here on one has arrived. */
export const flag = 0.5;
/** Steps in an episode, as in Gymnasium. */
export const horizon = 200;
const force = 0.001;

export const left = 0;
export const coast = 1;
export const right = 2;

/** Patches that a policy sees, along each axis, and how wide each is as a share of their distance. */
const nPatches = 10;
const patchWidth = 0.6;
const patches = {
  position: { first: leftmost, apart: (rightmost - leftmost) / (nPatches - 1) },
  velocity: { first: -topSpeed, apart: (2 * topSpeed) / (nPatches - 1) },
};
/** How near the state is to each patch along either axis. */
const near = { position: new Float64Array(nPatches), velocity: new Float64Array(nPatches) };

/**
 * A car in a valley, whose engine is too weak to climb out (Moore 1990; the equations and constants
 * of Gymnasium's MountainCar-v0): it has to swing. State (position, velocity); the actions push left,
 * coast and push right. An episode is done at the flag.
 *
 * A policy sees how near the state is to each of 10 × 10 patches of the plane, on a bell curve, so that
 * what it was shown in one place says something about the places around, and nothing about far ones.
 *
 * @param gravity 0.0025 as in Gymnasium; with more the slopes are steeper
 */
export function swinging(gravity: number): Omit<World, "name"> {
  return {
    stateSize: 2,
    observationSize: nPatches * nPatches,
    action: { kind: "discrete", names: ["push left", "coast", "push right"] },
    horizon,

    start(random, state) {
      state[0] = Math.fround(-0.6 + 0.2 * random.uniform());
      state[1] = 0;
    },

    step(state, action, _random, next) {
      const push = (action[0]! - coast) * force;
      let velocity = clamp(state[1]! + push - gravity * cos(3 * state[0]!), -topSpeed, topSpeed);
      const position = clamp(state[0]! + velocity, leftmost, rightmost);
      if (position === leftmost && velocity < 0) velocity = 0;
      next[0] = Math.fround(position);
      next[1] = Math.fround(velocity);
      return next[0] >= flag && velocity >= 0 ? Outcome.done : Outcome.goesOn;
    },

    observe(state, observation) {
      nearness(state[0]!, patches.position, near.position);
      nearness(state[1]!, patches.velocity, near.velocity);
      for (let i = 0; i < nPatches; i++) {
        for (let j = 0; j < nPatches; j++)
          observation[i * nPatches + j] = near.position[i]! * near.velocity[j]!;
      }
    },

    /** Pushes the way the car is going, which makes each swing higher than the one before. */
    expert(state, action) {
      action[0] = state[1]! < 0 ? left : right;
    },
  };
}

function nearness(
  value: number,
  { first, apart }: { first: number; apart: number },
  near: Float64Array,
): void {
  for (let i = 0; i < nPatches; i++) {
    const away = ((value - first) / apart - i) / patchWidth;
    near[i] = exp(-0.5 * away * away);
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
