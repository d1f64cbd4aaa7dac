import type { Random } from "../random.ts";
import type { ActionSpace } from "../spaces.ts";

/** What one step led to. */
export const Outcome = { goesOn: 0, fell: 1, done: 2 } as const;

/**
 * An environment, as in Gymnasium: what a policy needs to know of it, and no more. Everything else
 * that may be asked of a world is a capability beside it (see `Level`).
 *
 * A world is pure: no clock, no global randomness, no state of its own. What it computes has the same
 * bits in every engine (shared/arithmetic.ts): the browser and the server agree on every step. States
 * are rows of `stateSize` numbers that have been through `Math.fround`: episodes from before were driven
 * by the engine's own `Math.sin` and its like, and a state rounded to 24 bits forgets all but a few
 * differences in the last of 53.
 */
export interface World {
  /** Its key in the registry, in episodes and in lessons. */
  readonly name: string;
  readonly stateSize: number;
  readonly observationSize: number;
  readonly action: ActionSpace;
  /** Most steps in an episode. */
  readonly horizon: number;

  /** Writes a start state. */
  start(random: Random, state: Float64Array): void;
  /**
   * One step of the dynamics: writes the state after `action` in `state` to `next` (they may be the
   * same row) and returns an {@link Outcome}. Without `random` there is no noise: what is drawn as
   * "the next second" is the plan, not one draw of the weather.
   */
  step(
    state: Float64Array,
    action: Float64Array,
    random: Random | null,
    next: Float64Array,
  ): number;
  /** Writes what a policy sees in `state`. */
  observe(state: Float64Array, observation: Float64Array): void;
  /** Writes the scripted expert's action in `state`. */
  expert(state: Float64Array, action: Float64Array): void;
}
