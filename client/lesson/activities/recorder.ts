import {
  type DriveRecording,
  type InputKind,
  longestTime,
  longGap,
  mostHeldUp,
} from "../../../shared/lesson/recording.ts";
import { Presence } from "../../browser/presence.ts";
import type { Controls } from "../../stage/controls.ts";

/** Takes down when a person acted, with what, and what held them up; see `shared/lesson/recording.ts`. */
export class Recorder {
  readonly #controls: Controls;
  readonly #presence = new Presence();
  readonly #inputs = new Set<InputKind>();
  readonly #times: number[] = [];
  readonly #gaps = new Map<number, number>();
  readonly #away = new Map<number, number>();
  /** When the drive began, and how much of it has been told, whole milliseconds. */
  #begin: number;
  #told = 0;
  #frame: number;

  constructor(controls: Controls) {
    this.#controls = controls;
    this.#begin = this.#frame = performance.now();
  }

  /** The drive begins now: what was before it is nothing of it. */
  begin(): void {
    this.#presence.wasAway();
    this.#gaps.clear();
    this.#away.clear();
    this.#begin = this.#frame = performance.now();
  }

  /** A frame is drawn. */
  frame(): void {
    const now = performance.now();
    const ms = Math.min(longestTime, Math.round(now - this.#frame));
    this.#frame = now;
    const step = this.#times.length;
    if (ms > longGap) put(this.#gaps, step, Math.max(ms, this.#gaps.get(step) ?? 0));
    if (this.#presence.wasAway())
      put(this.#away, step, Math.min(longestTime, ms + (this.#away.get(step) ?? 0)));
  }

  /** An action is taken. */
  step(): void {
    const total = Math.round(performance.now() - this.#begin);
    // A clock may be set back.
    const ms = Math.min(longestTime, Math.max(0, total - this.#told));
    this.#told += ms;
    this.#times.push(ms);
    if (this.#controls.input) this.#inputs.add(this.#controls.input);
  }

  /** Of the drive so far. */
  get recording(): DriveRecording {
    const { length } = this.#times;
    const inside = (times: ReadonlyMap<number, number>) => [...times].filter(([t]) => t < length);
    return {
      inputs: [...this.#inputs],
      times: [...this.#times],
      gaps: inside(this.#gaps),
      away: inside(this.#away),
    };
  }
}

function put(times: Map<number, number>, step: number, ms: number): void {
  if (times.has(step) || times.size < mostHeldUp) times.set(step, ms);
}
