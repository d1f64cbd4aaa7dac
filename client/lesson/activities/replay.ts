import { signal } from "@preact/signals";
import type { Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { fallsOf, type Path, type Role, type Trail } from "../../drawing/trails.ts";
import type { Activity, View } from "../../stage/activity.ts";
import { playSeconds } from "./frame-time.ts";
import { Playback } from "./playback.ts";

/** Steps a second at which a world is replayed that has no pace of its own. */
const walkingPace = 4;

/** Plays recorded episodes one after another, and begins again. */
export class Replay implements Activity {
  /** Which path is being played, the falls in it so far, and the step under way. */
  readonly progress = signal({ index: 0, falls: 0, time: 0 });
  readonly #playbacks: readonly Playback[];
  readonly #role: Role;
  readonly #pace: number;
  readonly #uncertainty: readonly (readonly number[])[] | undefined;
  readonly #background: readonly Trail[];
  /** Steps since the path began; a second's worth more than it has, so that one sees where it came to. */
  #time = 0;
  #index = 0;

  /** @param uncertainty how unfamiliar each pose of each path was to the learner, in [0, 1] */
  constructor(
    world: Level,
    paths: readonly Path[],
    role: Role,
    background: readonly Trail[],
    uncertainty?: readonly (readonly number[])[],
  ) {
    // At its end a path stays in its last step, of which one then sees the end.
    this.#playbacks = paths.map((path) => new Playback(path, 0, path.poses.length - 2));
    this.#role = role;
    this.#pace = stepsIn(world.steering, 1, walkingPace);
    this.#background = background;
    this.#uncertainty = uncertainty;
  }

  frame(seconds: number): View {
    this.#time += playSeconds(seconds) * this.#pace;
    if (this.#time > this.#length + this.#pace) {
      this.#time = 0;
      this.#index = (this.#index + 1) % this.#playbacks.length;
    }
    const playback = this.#playbacks[this.#index]!;
    playback.time = Math.min(this.#time, this.#length);
    const { path, step, pose } = playback;
    const falls = fallsOf(path, 0, playback.time);
    const { index, time } = this.progress.peek();
    if (index !== this.#index || time !== step) {
      this.progress.value = { index: this.#index, falls: falls.length, time: step };
    }
    return {
      background: this.#background,
      agents: [{ pose, role: this.#role }],
      trails: playback.trails(this.#role, this.#uncertainty?.[this.#index]),
      falls,
      map: null,
      cursor: null,
    };
  }

  get #length(): number {
    return this.#playbacks[this.#index]!.path.poses.length - 1;
  }
}
