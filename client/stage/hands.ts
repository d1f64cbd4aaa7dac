import type { Level } from "../../shared/worlds/level.ts";
import type { Controls } from "./controls.ts";
import { Lever } from "./lever.ts";
import { Wheel } from "./wheel.ts";

/** Turns what is held into the action of each step, in a world that runs by itself. */
export interface Hands {
  /** The action now. */
  readonly action: Float64Array;
  /** Back to rest. */
  centre(): void;
  /** Moves on by `seconds`. */
  turn(state: Float64Array, controls: Controls, seconds: number): void;
}

/** The hands for a world; null where it waits, and each press is a step. */
export function handsFor(world: Level): Hands | null {
  if (world.steering.pace === "waits") return null;
  return world.action.kind === "continuous" ? new Wheel(world) : new Lever(world);
}
