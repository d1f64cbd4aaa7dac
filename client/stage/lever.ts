import type { Level } from "../../shared/worlds/level.ts";
import { restOf } from "../../shared/worlds/steering.ts";
import type { Controls } from "./controls.ts";
import type { Hands } from "./hands.ts";

/**
 * Turns held keys into one of a few actions: that of the key that was pressed last, and the action at
 * rest while none is held. A gamepad's stick that is pushed far enough is a key.
 */
export class Lever implements Hands {
  readonly action: Float64Array;
  readonly #world: Level;

  constructor(world: Level) {
    this.#world = world;
    this.action = Float64Array.from(restOf(world.steering));
  }

  centre(): void {
    this.action.set(restOf(this.#world.steering));
  }

  turn(state: Float64Array, { pointer, held }: Controls): void {
    const { steering } = this.#world;
    if (pointer) {
      steering.toward(state, pointer.x, pointer.y, this.action);
      return;
    }
    const last = [...held].findLast((key) => key in steering.keys);
    this.action.set(last ? steering.keys[last]! : restOf(steering));
  }
}
