import { clip } from "../../shared/spaces.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { isByKeys, type Key, restOf } from "../../shared/worlds/steering.ts";
import type { Controls } from "./controls.ts";
import type { Hands } from "./hands.ts";

/** Seconds from rest to full lock, and back when let go. */
const secondsToLock = 0.35;
const secondsToRest = 0.2;
/** The same where the wheel stays where it is left, and one takes care where that is. */
const carefulSecondsToLock = 0.75;
/** Share of full lock that a tap is worth, and seconds for which a key held is no more than a tap. */
const nudgeShare = 0.05;
const tapSeconds = 0.15;

/**
 * Turns held keys into a continuous action: the wheel moves toward what the keys ask for rather
 * than jumping there, so that a tap is a nudge. A pointer on the stage and a gamepad's stick steer
 * at once.
 */
export class Wheel implements Hands {
  readonly action: Float64Array;
  readonly #world: Level;
  readonly #rest: readonly number[];
  readonly #reach: readonly number[];
  /** Seconds for which keys have been held. */
  #held = 0;

  /** @throws RangeError where the world waits, or an action is one of a few */
  constructor(world: Level) {
    if (world.action.kind !== "continuous") throw new RangeError(`${world.name} is not steered`);
    const { low, high } = world.action;
    this.#world = world;
    this.#rest = restOf(world.steering);
    this.#reach = low.map((bound, i) => (high[i]! - bound) / 2);
    this.action = Float64Array.from(this.#rest);
  }

  /** How far it is turned, in [-1, 1]: 1 is all the way to the left, or up where that is what there is. */
  get share(): number {
    const { left, up } = this.#world.steering.keys;
    const full = left ?? up ?? this.#rest;
    const axis = full.findIndex((value, i) => value !== this.#rest[i]);
    return axis < 0
      ? 0
      : (this.action[axis]! - this.#rest[axis]!) / (full[axis]! - this.#rest[axis]!);
  }

  /** Back to rest. */
  centre(): void {
    this.action.set(this.#rest);
  }

  /** A tap: a little toward what `key` asks for, and no farther than rest where it comes from the other side. */
  nudge(key: Key): void {
    const full = this.#world.steering.keys[key];
    if (!full) return;
    this.#held = 0;
    this.#rest.forEach((rest, i) => {
      const before = this.action[i]! - rest;
      const after = before + nudgeShare * (full[i]! - rest);
      this.action[i] = rest + (before * after < 0 ? 0 : after);
    });
    clip(this.#world.action, this.action);
  }

  /** Turns to where it heads for the point (x, y) of the stage. */
  aim(state: Float64Array, x: number, y: number): void {
    this.#world.steering.toward(state, x, y, this.action);
  }

  /**
   * Moves on by `seconds`.
   * @param holds whether the wheel stays where it was left, rather than going back to rest; a tap is
   * then a {@link nudge}
   */
  turn(state: Float64Array, controls: Controls, seconds: number, holds = false): void {
    const { pointer, stick, held: down } = controls;
    if (pointer && (holds || !isByKeys(this.#world))) {
      this.aim(state, pointer.x, pointer.y);
      return;
    }
    if (stick) this.#follow(stick);
    else this.#turnBy(down, seconds, holds);
    const { steering } = this.#world;
    if (steering.pace === "runs") steering.help?.(state, this.action);
  }

  #turnBy(down: ReadonlySet<Key>, seconds: number, holds: boolean): void {
    const { steering } = this.#world;
    const { keys } = steering;
    const share = (!holds && steering.pace === "runs" && steering.keyShare) || 1;
    const held = [...down].some((key) => key in keys);
    const patience = holds ? Math.max(0, tapSeconds - this.#held) : 0;
    this.#held = held ? this.#held + seconds : 0;
    if (holds && !held) return;
    this.#rest.forEach((rest, i) => {
      let target = rest;
      for (const key of down) target += share * ((keys[key]?.[i] ?? rest) - rest);
      const toLock = holds ? carefulSecondsToLock : secondsToLock;
      const pace = this.#reach[i]! / (target === rest ? secondsToRest : toLock);
      const step = pace * Math.max(0, seconds - patience);
      const gap = target - this.action[i]!;
      this.action[i]! += Math.sign(gap) * Math.min(Math.abs(gap), step);
    });
    clip(this.#world.action, this.action);
  }

  /** A stick is where it is: full lock at its edge, rest in its middle. */
  #follow({ x, y }: { readonly x: number; readonly y: number }): void {
    const { keys } = this.#world.steering;
    const pushes = [
      [keys.left, -x],
      [keys.right, x],
      [keys.up, -y],
      [keys.down, y],
    ] as const;
    this.centre();
    for (const [full, share] of pushes) {
      if (!full || share <= 0) continue;
      this.#rest.forEach((rest, i) => {
        this.action[i]! += share * (full[i]! - rest);
      });
    }
    clip(this.#world.action, this.action);
  }
}
