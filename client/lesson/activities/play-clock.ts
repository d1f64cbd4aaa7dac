import { signal } from "@preact/signals";
import type { Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { prefersStillness } from "../../stage/stillness.ts";
import { playSeconds } from "./frame-time.ts";

/** Steps a second where a world has no pace of its own. */
const walkingPace = 4;

/** Steps a second in which a drive is seen as it was driven. */
export function paceIn({ steering }: Level): number {
  return stepsIn(steering, 1, walkingPace);
}

/** The time of drives that are played once, all from the same start. Reduced motion has it at the end at once. */
export class PlayClock {
  /** Steps at which the last of them is over. */
  readonly end: number;
  readonly paused = signal(false);
  /** How many times as fast as it is meant to be. */
  readonly speed = signal(1);
  /** Steps a second. */
  readonly #pace: number;
  #time = 0;

  constructor(end: number, pace: number) {
    this.end = end;
    this.#pace = pace;
  }

  /** Steps since the start, not whole. */
  get time(): number {
    return this.#time;
  }

  again(): void {
    this.#time = 0;
  }

  /** Goes on by a frame of so many seconds. */
  advance(seconds: number): void {
    this.#time = prefersStillness()
      ? this.end
      : Math.min(this.end, this.#time + this.#goesOn(seconds));
  }

  seek(time: number): void {
    this.#time = time;
  }

  #goesOn(seconds: number): number {
    return this.paused.peek() ? 0 : playSeconds(seconds) * this.#pace * this.speed.peek();
  }
}
