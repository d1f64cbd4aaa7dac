import { signal } from "@preact/signals";
import type { Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { fallsOf, type Path, poseIn, type Trail, trailsOf } from "../../drawing/trails.ts";
import type { Activity, View } from "../../stage/activity.ts";
import { playSeconds } from "./frame-time.ts";

export interface SideProgress {
  readonly phase: "racing" | "over";
  /** Steps, whole. */
  readonly time: number;
  readonly cloneFalls: number;
  readonly correctedFalls: number;
}

/** The clone and the corrected learner from one start in one wind. */
export class SideBySide implements Activity {
  readonly progress = signal<SideProgress>({
    phase: "racing",
    time: 0,
    cloneFalls: 0,
    correctedFalls: 0,
  });
  readonly #paths: { readonly clone: Path; readonly corrected: Path };
  readonly #background: readonly Trail[];
  readonly #pace: number;
  #time = 0;

  constructor(
    world: Level,
    paths: { readonly clone: Path; readonly corrected: Path },
    options: { readonly speed?: number; readonly background?: readonly Trail[] } = {},
  ) {
    this.#paths = paths;
    this.#background = options.background ?? [];
    this.#pace = stepsIn(world.steering, 1, 4) * (options.speed ?? 1);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.#time = this.#last;
  }

  again(): void {
    this.#time = 0;
  }

  frame(seconds: number): View {
    this.#time = Math.min(this.#last, this.#time + playSeconds(seconds) * this.#pace);
    const t = Math.floor(this.#time);
    const { clone, corrected } = this.#paths;
    const [cloneFalls, correctedFalls] = [clone, corrected].map((path) => fallsOf(path, 0, t));
    const phase = this.#time >= this.#last ? "over" : "racing";
    const before = this.progress.peek();
    if (before.time !== t || before.phase !== phase) {
      this.progress.value = {
        phase,
        time: t,
        cloneFalls: cloneFalls!.length,
        correctedFalls: correctedFalls!.length,
      };
    }
    const both = [
      [clone, "ghost"],
      [corrected, "learner"],
    ] as const;
    return {
      background: this.#background,
      agents: both.map(([path, role]) => ({
        pose: poseIn(path, Math.min(t, path.poses.length - 1), this.#time - t),
        role,
      })),
      trails: both.flatMap(([path, role]) =>
        trailsOf(path, role, "past", 0, Math.min(t, path.poses.length - 1)),
      ),
      falls: [...cloneFalls!, ...correctedFalls!],
      map: null,
      cursor: null,
    };
  }

  get #last(): number {
    const { clone, corrected } = this.#paths;
    return Math.max(clone.poses.length, corrected.poses.length) - 1;
  }
}
