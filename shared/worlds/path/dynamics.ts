import type { Random } from "../../random.ts";
import { Outcome, type World } from "../world.ts";

/** Units a step. */
export const speed = 0.2;
/** Most that a step goes up or down, units. */
export const climb = 0.3;
/** In an episode. */
export const steps = 30;
/** Units above and below, beyond which nothing is drawn. */
export const edge = 2.2;
const usualNoise = 0.02; // standard deviation on each axis, units
const start = 0.1; // standard deviation of the height at the start, units

/** Height at each x. */
export type Curve = (x: number) => number;

/** Pushes up or down that come all at once. */
export interface Gusts {
  /** Probability of one in a step. */
  readonly chance: number;
  /** How far it pushes, units. */
  readonly push: number;
}

export const clamp = (value: number, most: number) => Math.min(most, Math.max(-most, value));

/**
 * A point that moves on to the right and is steered up and down, after a curve. State (x, y); the
 * action is the step (Δx, Δy). There is nothing to fall off, and where the curve is steep even the
 * expert cannot keep to it.
 */
export function following(line: Curve, gusts?: Gusts): Omit<World, "name"> {
  return {
    stateSize: 2,
    observationSize: 2,
    action: { kind: "continuous", low: [0.9 * speed, -climb], high: [1.1 * speed, climb] },
    horizon: steps,

    start(random, state) {
      state[0] = 0;
      state[1] = Math.fround(line(0) + start * random.normal());
    },

    step: stepIn(usualNoise, gusts),

    observe(state, observation) {
      observation.set(state);
    },

    expert(state, action) {
      action[0] = speed;
      action[1] = clamp(line(state[0]!) - state[1]!, climb);
    },
  };
}

/**
 * The dynamics of a path.
 * @param noise standard deviation of a step on each axis, units; 0 is no wind
 */
export function stepIn(noise: number, gusts?: Gusts): World["step"] {
  return (state, action, random, next) => {
    const x = state[0]! + action[0]! + noise * (random?.normal() ?? 0);
    const y = state[1]! + action[1]! + noise * (random?.normal() ?? 0) + pushBy(gusts, random);
    next[0] = Math.fround(x);
    next[1] = Math.fround(clamp(y, edge));
    return Outcome.goesOn;
  };
}

/** How far a gust pushes in one step, units. */
function pushBy(gusts: Gusts | undefined, random: Random | null): number {
  if (!gusts || !random || random.uniform() >= gusts.chance) return 0;
  return random.uniform() < 0.5 ? -gusts.push : gusts.push;
}
