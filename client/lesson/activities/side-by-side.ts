import { signal } from "@preact/signals";
import type { Level } from "../../../shared/worlds/level.ts";
import { fallsOf, type Path, type Trail, trailsOf } from "../../drawing/trails.ts";
import type { Activity, View } from "../../stage/activity.ts";
import { PlayClock, paceIn } from "./play-clock.ts";
import { Playback } from "./playback.ts";
import type { Playing } from "./playing.ts";

export interface SideOptions {
  /** How many times as fast as it was driven. */
  readonly speed?: number;
  /** What to draw beneath, such as demonstrations. */
  readonly background?: readonly Trail[];
}

export interface SideProgress {
  readonly phase: "racing" | "over";
  /** Steps since the start. */
  readonly time: number;
  /** Falls so far. */
  readonly cloneFalls: number;
  readonly correctedFalls: number;
}

/**
 * The clone and the corrected learner from one start and in one wind. The clone is an outline with a
 * dashed track, so that nobody has to tell two shades apart.
 */
export class SideBySide implements Activity, Playing {
  readonly progress = signal<SideProgress>({
    phase: "racing",
    time: 0,
    cloneFalls: 0,
    correctedFalls: 0,
  });
  readonly #clone: Playback;
  readonly #corrected: Playback;
  readonly #background: readonly Trail[];
  readonly #clock: PlayClock;

  constructor(
    world: Level,
    { clone, corrected }: { readonly clone: Path; readonly corrected: Path },
    { speed = 1, background = [] }: SideOptions = {},
  ) {
    this.#clone = playbackOf(clone);
    this.#corrected = playbackOf(corrected);
    this.#background = background;
    const end = Math.max(lengthOf(clone), lengthOf(corrected));
    this.#clock = new PlayClock(end, speed * paceIn(world));
  }

  get paused() {
    return this.#clock.paused;
  }

  get speed() {
    return this.#clock.speed;
  }

  get length(): number {
    return this.#clock.end;
  }

  get position(): number {
    return this.progress.value.time;
  }

  seek(position: number): void {
    this.#clock.seek(position);
    this.#report();
  }

  /** From the start. */
  again(): void {
    this.#clock.again();
    this.#report();
  }

  frame(seconds: number): View {
    this.#clock.advance(seconds);
    for (const one of [this.#clone, this.#corrected])
      one.time = Math.min(this.#clock.time, lengthOf(one.path));
    this.#report();
    const [clone, corrected] = [this.#clone, this.#corrected];
    return {
      background: this.#background,
      agents: [
        { pose: clone.pose, role: "learner", look: "hollow" },
        { pose: corrected.pose, role: "learner" },
      ],
      trails: [
        ...trailsOf(clone.path, "ghost", "past", 0, clone.step).map((trail) => ({
          ...trail,
          dashed: true,
        })),
        ...corrected.trails("learner"),
      ],
      falls: [...this.#fallsOf(clone), ...this.#fallsOf(corrected)],
      map: null,
      cursor: null,
    };
  }

  #fallsOf({ path }: Playback) {
    return fallsOf(path, 0, Math.ceil(this.#clock.time));
  }

  #report(): void {
    const { time: now, end } = this.#clock;
    const time = Math.floor(now);
    const phase = now >= end ? "over" : "racing";
    const before = this.progress.peek();
    if (before.time === time && before.phase === phase) return;
    this.progress.value = {
      phase,
      time,
      cloneFalls: this.#fallsOf(this.#clone).length,
      correctedFalls: this.#fallsOf(this.#corrected).length,
    };
  }
}

/** At its end it stays in its last step, of which one then sees the end. */
function playbackOf(path: Path): Playback {
  return new Playback(path, 0, path.poses.length - 2);
}

function lengthOf({ poses }: Path): number {
  return poses.length - 1;
}
