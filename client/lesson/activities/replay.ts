import { type Signal, signal } from "@preact/signals";
import type { Level } from "../../../shared/worlds/level.ts";
import type { Pose } from "../../../shared/worlds/picture.ts";
import { fallsOf, type Path, type Role, type Trail } from "../../drawing/trails.ts";
import type { Activity, View } from "../../stage/activity.ts";
import type { Feeling } from "../../stage/feeling.ts";
import { prefersStillness } from "../../stage/stillness.ts";
import { forecastSeconds } from "./forecast.ts";
import { playSeconds } from "./frame-time.ts";
import { paceIn } from "./play-clock.ts";
import { Playback } from "./playback.ts";
import type { Playing } from "./playing.ts";

/** Seconds that a fall takes to be seen, and for which one is told of it. */
const fallSeconds = 0.5;
const toldSeconds = 1.8;
/** How far into its step a fall is when it is told. */
const justBegun = 1e-6;
/** How far whoever falls slides on, in steps of what they drove before. */
const slide = 5;

/** A fall in a replay. */
export interface Fall {
  /** Of which path. */
  readonly index: number;
  /** The step of the path in which it is. */
  readonly step: number;
  readonly x: number;
  readonly y: number;
}

export interface ReplayOptions {
  /** Whether the camera follows close up. */
  readonly closeUp?: boolean;
  /** Whether it begins at its end and moves only when asked to; without it, as the person prefers. */
  readonly still?: boolean;
  /** Told each fall in the frame in which it begins. */
  readonly onFall?: (fall: Fall) => void;
}

/** Plays recorded episodes one after another, and begins again. A fall is seen in slow motion. */
export class Replay implements Activity, Playing {
  readonly paused: Signal<boolean>;
  readonly speed = signal(1);
  /** Steps of all paths. */
  readonly length: number;
  /** Which path is being played, the falls in it so far, and the step under way. */
  readonly progress = signal({ index: 0, falls: 0, time: 0 });
  /** The fall that has just been seen; null once it is a while ago. */
  readonly fallen = signal<Fall | null>(null);
  /** Whether the camera follows close up. */
  closeUp: boolean;
  readonly #playbacks: readonly Playback[];
  readonly #role: Role;
  readonly #pace: number;
  readonly #uncertainty: readonly (readonly number[])[] | undefined;
  readonly #background: readonly Trail[];
  readonly #onFall: (fall: Fall) => void;
  readonly #still: boolean;
  /** Steps since the path began; a second's worth more than it has, so that one sees where it came to. */
  #time = 0;
  #index = 0;
  /** Seconds since `fallen` began. */
  #sinceFall = 0;

  /** @param uncertainty how unfamiliar each pose of each path was to the learner, in [0, 1] */
  constructor(
    world: Level,
    paths: readonly Path[],
    role: Role,
    background: readonly Trail[],
    uncertainty?: readonly (readonly number[])[],
    { closeUp = false, still = prefersStillness(), onFall = () => {} }: ReplayOptions = {},
  ) {
    // At its end a path stays in its last step, of which one then sees the end.
    this.#playbacks = paths.map((path) => new Playback(path, 0, path.poses.length - 2));
    this.#role = role;
    this.#pace = paceIn(world);
    this.#background = background;
    this.#uncertainty = uncertainty;
    this.#onFall = onFall;
    this.closeUp = closeUp;
    this.#still = still;
    this.paused = signal(still);
    this.length = this.#startOf(paths.length);
    // Who sees it still sees where it came to.
    if (this.paused.peek()) this.seek(this.#startOf(1) - 1);
  }

  get position(): number {
    const { index, time } = this.progress.value;
    return this.#startOf(index) + time;
  }

  seek(position: number): void {
    const last = this.#playbacks.length - 1;
    let index = 0;
    while (index < last && position >= this.#startOf(index + 1)) index++;
    this.#index = index;
    this.#time = Math.min(position - this.#startOf(index), this.#length);
    this.fallen.value = null;
    this.#report();
  }

  /** Steps of all paths before the path `index`. */
  #startOf(index: number): number {
    return this.#playbacks
      .slice(0, index)
      .reduce((sum, { path }) => sum + path.poses.length - 1, 0);
  }

  #report(): void {
    const { path, first } = this.#playbacks[this.#index]!;
    const time = Math.max(first, Math.min(Math.floor(this.#time), path.poses.length - 2));
    const before = this.progress.peek();
    if (before.index === this.#index && before.time === time) return;
    const falls = fallsOf(path, 0, Math.min(this.#time, this.#length)).length;
    this.progress.value = { index: this.#index, falls, time };
  }

  frame(seconds: number): View {
    this.#advance(this.paused.peek() ? 0 : playSeconds(seconds) * this.speed.peek());
    const playback = this.#playbacks[this.#index]!;
    playback.time = Math.min(this.#time, this.#length);
    const { path, step, time: now } = playback;
    const slides = path.falls.has(step) && !this.#still;
    const pose = slides ? slidingFrom(path, step, now - step) : playback.pose;
    const falls = fallsOf(path, 0, playback.time);
    this.#report();
    return {
      background: this.#background,
      agents: [{ pose, role: this.#role }],
      trails: playback.trails(this.#role, this.#uncertainty?.[this.#index]),
      falls,
      map: null,
      cursor: null,
      feeling: { ...this.#felt(playback), pose, watched: { closeUp: this.closeUp } },
    };
  }

  /** Moves on, slowly through a fall, and tells each as it begins. */
  #advance(seconds: number): void {
    this.#sinceFall += seconds;
    if (this.fallen.peek() && this.#sinceFall >= toldSeconds) this.fallen.value = null;
    let from = this.#time;
    const falls = this.#isFalling && !prefersStillness();
    this.#time += seconds * (falls ? Math.min(this.#pace, 1 / fallSeconds) : this.#pace);
    if (this.#time > this.#length + this.#pace) {
      from = -1;
      this.#time = 0;
      this.#index = (this.#index + 1) % this.#playbacks.length;
      this.fallen.value = null;
    }
    const { path } = this.#playbacks[this.#index]!;
    // A long frame may pass over many steps, but over no fall.
    const step = [...path.falls].find((t) => t > from && t <= this.#time);
    if (step === undefined) return;
    this.#time = step + justBegun;
    this.#sinceFall = 0;
    this.fallen.value = { index: this.#index, step, ...at(path, step) };
    this.#onFall(this.fallen.value);
  }

  get #isFalling(): boolean {
    return this.#playbacks[this.#index]!.path.falls.has(Math.floor(this.#time));
  }

  /** What happens to whoever is watched: the fall that is told, and the wind. */
  #felt({ path, time }: Playback): Omit<Feeling, "pose"> {
    const fall = this.fallen.peek();
    let gust: Feeling["gust"] = null;
    let coming: Feeling["coming"] = null;
    for (const [t, toward] of path.gusts) {
      const age = (time - t) / this.#pace;
      if (age >= 0) gust = { ...at(path, t), age, toward };
      else {
        if (-age < forecastSeconds) coming = { toward, within: -age };
        break;
      }
    }
    return { fall: fall && { x: fall.x, y: fall.y, age: this.#sinceFall }, gust, coming };
  }

  get #length(): number {
    return this.#playbacks[this.#index]!.path.poses.length - 1;
  }
}

function at({ poses }: Path, t: number): { readonly x: number; readonly y: number } {
  const { x, y } = poses[t]!;
  return { x, y };
}

/** On over the edge from where they fell, ever slower, turning as they turned. */
function slidingFrom({ poses }: Path, t: number, share: number): Pose {
  const here = poses[t]!;
  const before = poses[t - 1] ?? here;
  const [dx, dy] = [here.x - before.x, here.y - before.y];
  const turn = Math.sin((here.heading ?? 0) - (before.heading ?? 0));
  const way = slide * share * (2 - share);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return {
    ...here,
    x: here.x + way * (dx * cos - dy * sin),
    y: here.y + way * (dx * sin + dy * cos),
    heading: here.heading && here.heading + turn * (1 + 3 * share),
  };
}
