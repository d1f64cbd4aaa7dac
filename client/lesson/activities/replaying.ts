import { signal } from "@preact/signals";
import type { Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import type { Role, Trail } from "../../drawing/trails.ts";
import { between, fallsOf, type Path, trailsOf } from "../../drawing/trails.ts";
import type { Activity, View } from "../../stage/activity.ts";

/** Steps a second at which a world is replayed that has no pace of its own. */
const walkingPace = 4;

/** Plays recorded episodes one after another, and begins again. */
export class Replaying implements Activity {
  /** Which path is being played, and the falls in it so far. */
  readonly progress = signal({ index: 0, falls: 0, time: 0 });
  readonly #paths: readonly Path[];
  readonly #role: Role;
  readonly #pace: number;
  readonly #uncertainty: readonly (readonly number[])[] | undefined;
  readonly #background: readonly Trail[];
  #time = 0;
  #index = 0;

  constructor(
    world: Level,
    paths: readonly Path[],
    role: Role,
    background: readonly Trail[],
    uncertainty?: readonly (readonly number[])[],
  ) {
    this.#paths = paths;
    this.#role = role;
    this.#pace = stepsIn(world.steering, 1, walkingPace);
    this.#background = background;
    this.#uncertainty = uncertainty;
  }

  frame(seconds: number): View {
    this.#time += Math.min(seconds, 0.1) * this.#pace;
    // A moment at the end, to see where it came to.
    if (this.#time > this.#length + this.#pace) {
      this.#time = 0;
      this.#index = (this.#index + 1) % this.#paths.length;
    }
    const path = this.#paths[this.#index]!;
    const time = Math.min(this.#time, this.#length);
    const t = Math.min(Math.floor(time), this.#length - 1);
    const fallen = path.falls.has(t);
    const pose = fallen ? path.poses[t]! : between(path.poses[t]!, path.poses[t + 1]!, time - t);
    const falls = fallsOf(path, 0, time);
    const { index, time: shown } = this.progress.peek();
    if (index !== this.#index || shown !== t) {
      this.progress.value = { index: this.#index, falls: falls.length, time: t };
    }
    return {
      background: this.#background,
      agents: [{ pose, role: this.#role }],
      trails: trailsOf(path, this.#role, "past", 0, t, this.#uncertainty?.[this.#index]),
      falls,
      map: null,
      cursor: null,
    };
  }

  get #length(): number {
    return this.#paths[this.#index]!.poses.length - 1;
  }
}
