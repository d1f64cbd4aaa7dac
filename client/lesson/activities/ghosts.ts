import { signal } from "@preact/signals";
import type { Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { fallsOf, type Path, poseIn, type Role, type Trail } from "../../drawing/trails.ts";
import type { Activity, View } from "../../stage/activity.ts";
import { playSeconds } from "./frame-time.ts";

export interface GhostProgress {
  readonly phase: "racing" | "over";
  /** Steps since the start, whole. */
  readonly time: number;
  readonly driving: number;
  readonly fallen: number;
  readonly finished: number;
}

export interface GhostOptions {
  readonly speed?: number;
  readonly role?: Role;
  readonly background?: readonly Trail[];
}

/** Drives from many starts at once, each until its first fall. */
export class GhostRace implements Activity {
  readonly progress = signal<GhostProgress>({
    phase: "racing",
    time: 0,
    driving: 0,
    fallen: 0,
    finished: 0,
  });
  readonly #paths: readonly Path[];
  readonly #ends: readonly number[];
  readonly #options: GhostOptions;
  readonly #pace: number;
  #time = 0;

  constructor(world: Level, paths: readonly Path[], options: GhostOptions = {}) {
    this.#paths = paths;
    this.#options = options;
    this.#ends = paths.map(({ poses, falls }) => Math.min(poses.length - 1, ...falls));
    this.#pace = stepsIn(world.steering, 1, 4) * (options.speed ?? 1);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.#time = this.#last;
    this.#report();
  }

  again(): void {
    this.#time = 0;
  }

  frame(seconds: number): View {
    this.#time = Math.min(this.#last, this.#time + playSeconds(seconds) * this.#pace);
    this.#report();
    const { role = "learner", background = [] } = this.#options;
    const t = Math.floor(this.#time);
    return {
      background,
      agents: this.#paths.flatMap((path, i) =>
        this.#hasFallen(i, t)
          ? []
          : [{ pose: poseIn(path, Math.min(t, this.#ends[i]!), this.#time - t), role }],
      ),
      trails: [],
      falls: this.#paths.flatMap((path, i) =>
        this.#hasFallen(i, t) ? fallsOf(path).slice(0, 1) : [],
      ),
      map: null,
      cursor: null,
    };
  }

  get #last(): number {
    return Math.max(...this.#ends) + 1;
  }

  #hasFallen(i: number, t: number): boolean {
    return t > this.#ends[i]! && this.#paths[i]!.falls.size > 0;
  }

  #report(): void {
    const time = Math.floor(this.#time);
    const fallen = this.#paths.filter((_, i) => this.#hasFallen(i, time)).length;
    const finished = this.#ends.filter((end, i) => time > end && !this.#hasFallen(i, time)).length;
    const phase = this.#time >= this.#last ? "over" : "racing";
    const before = this.progress.peek();
    if (before.time === time && before.phase === phase && before.fallen === fallen) return;
    const driving = this.#paths.length - fallen - finished;
    this.progress.value = { phase, time, driving, fallen, finished };
  }
}
