import { width } from "../../shared/spaces.ts";
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

/**
 * Where the world waits: calls `onMove` with the action of each key and each point that is pressed from now on.
 * @param state the state now, whenever that is asked
 */
export function followMoves(
  { steering, action }: Level,
  state: Float64Array,
  controls: Controls,
  onMove: (action: Float64Array) => void,
): void {
  controls.onPress = (key) => {
    const row = steering.keys[key];
    if (row) onMove(Float64Array.from(row));
  };
  controls.onPoint = (x, y) => {
    const row = new Float64Array(width(action));
    steering.toward(state, x, y, row);
    onMove(row);
  };
}

/** Ends {@link followMoves}. */
export function ignoreMoves(controls: Controls): void {
  controls.onPress = controls.onPoint = () => {};
}
