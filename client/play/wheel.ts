import { clip } from "../../shared/spaces.ts";
import type { World } from "../../shared/worlds/world.ts";
import type { Controls } from "./controls.ts";

/** Seconds from rest to full lock, and back when let go. */
const secondsToLock = 0.35;
const secondsToRest = 0.2;

/**
 * Turns held keys into a continuous action: the wheel moves toward what the keys ask for rather
 * than jumping there, so that a tap is a nudge. A pointer on the stage steers at once.
 */
export class Wheel {
  readonly action: Float64Array;
  readonly #world: World;
  readonly #rest: readonly number[];
  readonly #reach: readonly number[];

  /** @throws RangeError where the world has no rest to return to */
  constructor(world: World) {
    if (!world.rest || world.action.kind !== "continuous") {
      throw new RangeError(`${world.name} is not steered`);
    }
    const { low, high } = world.action;
    this.#world = world;
    this.#rest = world.rest;
    this.#reach = low.map((bound, i) => (high[i]! - bound) / 2);
    this.action = Float64Array.from(world.rest);
  }

  /** Back to rest. */
  centre(): void {
    this.action.set(this.#rest);
  }

  /**
   * Moves on by `seconds`.
   * @param holds whether the wheel stays where it was left, rather than going back to rest
   */
  turn(state: Float64Array, controls: Controls, seconds: number, holds = false): void {
    if (controls.pointer) {
      this.#world.toward(state, controls.pointer.x, controls.pointer.y, this.action);
      return;
    }
    this.#rest.forEach((rest, i) => {
      let target = rest;
      for (const key of controls.held) target += (this.#world.keys[key]?.[i] ?? rest) - rest;
      if (target === rest && holds) return;
      const pace = this.#reach[i]! / (target === rest ? secondsToRest : secondsToLock);
      const step = (holds ? 0.45 : 1) * pace * seconds;
      const gap = target - this.action[i]!;
      this.action[i]! += Math.sign(gap) * Math.min(Math.abs(gap), step);
    });
    clip(this.#world.action, this.action);
  }
}
