import { Simulation } from "../../../shared/worlds/episode.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { restOf, stepsIn } from "../../../shared/worlds/steering.ts";
import { pushOf } from "../../../shared/worlds/weather.ts";

/** Seconds for which a gust can be seen before it comes. */
export const forecastSeconds = 0.45;

/**
 * Sees a world's gusts a little before they come. It has a simulation of its own with the same seed, some
 * steps ahead, which it puts where the episode is: right where the weather does not depend on the place.
 */
export class Forecast {
  readonly #world: Level;
  readonly #ahead: Simulation;
  readonly #rest: Float64Array;
  readonly #gusts: { readonly t: number; readonly toward: number }[] = [];

  constructor(world: Level, seed: number, state: Float64Array) {
    this.#world = world;
    this.#ahead = new Simulation(world, seed);
    this.#rest = Float64Array.from(restOf(world.steering));
    const steps = Math.round(stepsIn(world.steering, forecastSeconds, 0));
    for (let i = 0; i < steps; i++) this.look(state);
  }

  /** Looks a step farther, from where the episode is now. */
  look(state: Float64Array): void {
    const ahead = this.#ahead;
    if (ahead.over) return;
    ahead.state.set(state);
    const { time } = ahead;
    const outcome = ahead.step(this.#rest);
    const toward = pushOf(this.#world, state, this.#rest, ahead.state, outcome);
    if (toward !== null) this.#gusts.push({ t: time, toward });
  }

  /** The first gust that has been seen and comes in step `time` or later; null where there is none. */
  after(time: number): { readonly t: number; readonly toward: number } | null {
    while (this.#gusts[0] && this.#gusts[0].t < time) this.#gusts.shift();
    return this.#gusts[0] ?? null;
  }
}
