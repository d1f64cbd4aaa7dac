import { signal } from "@preact/signals";
import type { Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { fallsOf, type Path, type Trail, trailsOf } from "../../drawing/trails.ts";
import type { Activity, View } from "../../stage/activity.ts";
import { prefersStillness } from "../../stage/stillness.ts";
import { playSeconds } from "./frame-time.ts";
import { Playback } from "./playback.ts";

/** Steps a second where a world has no pace of its own. */
const walkingPace = 4;

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
export class SideBySide implements Activity {
  readonly progress = signal<SideProgress>({
    phase: "racing",
    time: 0,
    cloneFalls: 0,
    correctedFalls: 0,
  });
  readonly #clone: Playback;
  readonly #corrected: Playback;
  /** Steps a second. */
  readonly #pace: number;
  readonly #background: readonly Trail[];
  readonly #end: number;
  #time = 0;

  constructor(
    world: Level,
    { clone, corrected }: { readonly clone: Path; readonly corrected: Path },
    { speed = 1, background = [] }: SideOptions = {},
  ) {
    this.#clone = playbackOf(clone);
    this.#corrected = playbackOf(corrected);
    this.#pace = speed * stepsIn(world.steering, 1, walkingPace);
    this.#background = background;
    this.#end = Math.max(lengthOf(clone), lengthOf(corrected));
  }

  /** From the start. */
  again(): void {
    this.#time = 0;
    this.#report();
  }

  frame(seconds: number): View {
    this.#time = prefersStillness()
      ? this.#end
      : Math.min(this.#end, this.#time + playSeconds(seconds) * this.#pace);
    for (const one of [this.#clone, this.#corrected])
      one.time = Math.min(this.#time, lengthOf(one.path));
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
    return fallsOf(path, 0, Math.ceil(this.#time));
  }

  #report(): void {
    const time = Math.floor(this.#time);
    const phase = this.#time >= this.#end ? "over" : "racing";
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
