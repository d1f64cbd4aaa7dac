import { Stream, seeded } from "../random.ts";
import { width } from "../spaces.ts";
import type { World } from "./world.ts";
import { Outcome } from "./world.ts";

/** Who chose an action. */
export const Controller = { expert: 0, learner: 1 } as const;

/**
 * An episode is a world, a seed and a list of (action, who chose it). States, outcomes and counts
 * are computed from it by {@link replay}, and are the same wherever that runs.
 */
export interface Episode {
  readonly world: string;
  /** Unsigned 32-bit. */
  readonly seed: number;
  /** Flat, [T][width]. */
  readonly actions: readonly number[];
  /** A {@link Controller} for each step, [T]. */
  readonly controllers: readonly number[];
}

/** An episode with everything that follows from it. T is `length`. */
export interface Trajectory {
  readonly length: number;
  /** [T + 1][stateSize]: the start, then the state after each step. */
  readonly states: Float64Array;
  /** [T][width] */
  readonly actions: Float64Array;
  /** [T], {@link Controller} */
  readonly controllers: Uint8Array;
  /** [T], {@link Outcome} */
  readonly outcomes: Uint8Array;
}

/** A world under way: the state now, and the randomness that the episode's seed gives it. */
export class Simulation {
  readonly state: Float64Array;
  readonly #world: World;
  readonly #random;
  /** Steps taken. */
  time = 0;
  /** Whether the episode is over: done, or at the horizon. */
  over = false;

  constructor(world: World, seed: number) {
    this.#world = world;
    this.#random = seeded(seed, Stream.world);
    this.state = new Float64Array(world.stateSize);
    world.start(this.#random, this.state);
  }

  /** Moves {@link state} on by one step and returns its {@link Outcome}. */
  step(action: Float64Array): number {
    if (this.over) throw new RangeError("the episode is over");
    const outcome = this.#world.step(this.state, action, this.#random, this.state);
    this.time++;
    this.over = outcome === Outcome.done || this.time >= this.#world.horizon;
    return outcome;
  }
}

/**
 * Computes an episode's states and outcomes.
 * @throws RangeError where the episode has no step, goes on past its end or past the horizon
 */
export function replay(world: World, episode: Episode): Trajectory {
  const size = world.stateSize;
  const wide = width(world.action);
  const length = episode.controllers.length;
  if (length === 0) throw new RangeError("an episode has at least one step");
  if (length > world.horizon) throw new RangeError(`an episode has at most ${world.horizon} steps`);
  if (episode.actions.length !== length * wide)
    throw new RangeError(`an action has ${wide} numbers`);
  const states = new Float64Array((length + 1) * size);
  const outcomes = new Uint8Array(length);
  const actions = Float64Array.from(episode.actions);
  const drive = new Simulation(world, episode.seed);
  states.set(drive.state);
  for (let t = 0; t < length; t++) {
    outcomes[t] = drive.step(actions.subarray(t * wide, (t + 1) * wide));
    states.set(drive.state, (t + 1) * size);
  }
  return { length, states, actions, controllers: Uint8Array.from(episode.controllers), outcomes };
}

/** What there is of an episode before its first fall: all of it where there is none. */
export function untilFall({
  states,
  outcomes,
  length,
}: Pick<Trajectory, "states" | "outcomes" | "length">): Pick<Trajectory, "states" | "length"> {
  const fall = outcomes.indexOf(Outcome.fell);
  if (fall < 0) return { states, length };
  const stateSize = states.length / (length + 1);
  return { states: states.subarray(0, (fall + 1) * stateSize), length: fall };
}
