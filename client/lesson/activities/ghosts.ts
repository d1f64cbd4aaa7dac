import { signal } from "@preact/signals";
import type { Level } from "../../../shared/worlds/level.ts";
import type { Path, Role, Trail } from "../../drawing/trails.ts";
import { fallsOf, poseIn } from "../../drawing/trails.ts";
import type { Activity, View } from "../../stage/activity.ts";
import { PlayClock, paceIn } from "./play-clock.ts";

export interface GhostOptions {
  /** How many times as fast as it was driven. */
  readonly speed?: number;
  /** Whose drives they are. */
  readonly role?: Role;
  /** What to draw beneath, such as demonstrations. */
  readonly background?: readonly Trail[];
}

export interface GhostProgress {
  readonly phase: "racing" | "over";
  /** Steps since the start. */
  readonly time: number;
  /** How many are still under way, are out since their first fall, and came to their end without one. */
  readonly driving: number;
  readonly fallen: number;
  readonly finished: number;
}

/** One of the drives, and when it is over. */
interface Ghost {
  readonly path: Path;
  /** The step of its first fall; null where it never falls. */
  readonly fall: number | null;
  readonly end: number;
}

/** Many drives at once, each a small car, until it falls: a cross stays there. */
export class GhostRace implements Activity {
  readonly progress = signal<GhostProgress>({
    phase: "racing",
    time: 0,
    driving: 0,
    fallen: 0,
    finished: 0,
  });
  readonly #ghosts: readonly Ghost[];
  readonly #role: Role;
  readonly #background: readonly Trail[];
  readonly #clock: PlayClock;

  constructor(
    world: Level,
    paths: readonly Path[],
    { speed = 1, role = "learner", background = [] }: GhostOptions = {},
  ) {
    this.#ghosts = paths.map((path) => {
      const fall = path.falls.size > 0 ? Math.min(...path.falls) : null;
      return { path, fall, end: fall ?? path.poses.length - 1 };
    });
    this.#role = role;
    this.#background = background;
    const end = Math.max(0, ...this.#ghosts.map(({ end }) => end));
    this.#clock = new PlayClock(end, speed * paceIn(world));
    this.again();
  }

  /** From the start. */
  again(): void {
    this.#clock.again();
    this.#report();
  }

  frame(seconds: number): View {
    this.#clock.advance(seconds);
    this.#report();
    const { time } = this.#clock;
    const step = Math.floor(time);
    const share = time - step;
    const under = this.#ghosts.filter(({ fall }) => fall === null || fall > time);
    return {
      background: this.#background,
      agents: under.map(({ path }) => {
        const last = Math.min(step, path.poses.length - 1);
        return { pose: poseIn(path, last, share), role: this.#role, look: "small" };
      }),
      trails: [],
      falls: this.#ghosts.flatMap(({ path, fall }) =>
        fall !== null && fall <= time ? fallsOf(path, fall, fall + 1) : [],
      ),
      map: null,
      cursor: null,
    };
  }

  #report(): void {
    const time = Math.floor(this.#clock.time);
    const isOver = ({ end }: Ghost) => end <= this.#clock.time;
    const over = this.#ghosts.filter(isOver);
    const fallen = over.filter(({ fall }) => fall !== null).length;
    const finished = over.length - fallen;
    const driving = this.#ghosts.length - over.length;
    const before = this.progress.peek();
    const phase = driving === 0 ? "over" : "racing";
    if (before.time === time && before.phase === phase && before.driving === driving) return;
    this.progress.value = { phase, time, driving, fallen, finished };
  }
}
