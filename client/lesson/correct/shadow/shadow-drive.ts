import { signal } from "@preact/signals";
import type { DriveRecording } from "../../../../shared/lesson/recording.ts";
import type { Trajectory } from "../../../../shared/worlds/episode.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { stepsIn } from "../../../../shared/worlds/steering.ts";
import { fallsOf, pathOf, type Trail } from "../../../drawing/trails.ts";
import type { Activity, Lit, View } from "../../../stage/activity.ts";
import type { Controls } from "../../../stage/controls.ts";
import { type Hands, handsFor } from "../../../stage/hands.ts";
import { playSeconds } from "../../activities/frame-time.ts";
import { planOf } from "../../activities/look-ahead.ts";
import { Playback } from "../../activities/playback.ts";
import { Recorder } from "../../activities/recorder.ts";
import { litAlong } from "../../learned/lit.ts";

/**
 * A drive of the learner's is played, and the person steers along. The car keeps to the learner's
 * track whatever they do, so that what they say is about where the learner goes; where their wheel
 * would take it is drawn from there on.
 */
export class ShadowDrive implements Activity {
  /** Steps played so far, and whether the person has moved the wheel yet. */
  readonly progress = signal<{
    readonly phase: "ready" | "playing" | "over";
    readonly time: number;
    readonly touched: boolean;
  }>({ phase: "ready", time: 0, touched: false });
  readonly #world: Level;
  readonly #trajectory: Trajectory;
  readonly #playback: Playback;
  readonly #pace: number;
  readonly #controls: Controls;
  readonly #hands: Hands;
  readonly #background: readonly Trail[];
  readonly #onOver: (actions: readonly number[], recording: DriveRecording) => void;
  readonly #recorder: Recorder;
  readonly #actions: number[] = [];
  /** What the learner has learned from the drive before. */
  #stretches: Lit["stretches"] = [];

  /**
   * @param speed as a share of the world's own pace
   * @param onOver told what was steered, flat, [T][width], once the drive has been played to its end
   * @throws RangeError where the world waits
   */
  constructor(
    world: Level,
    trajectory: Trajectory,
    speed: number,
    controls: Controls,
    background: readonly Trail[],
    onOver: (actions: readonly number[], recording: DriveRecording) => void,
  ) {
    this.#world = world;
    this.#trajectory = trajectory;
    this.#playback = new Playback(pathOf(world, trajectory), 0, trajectory.length);
    this.#pace = stepsIn(world.steering, speed, 1);
    this.#controls = controls;
    const hands = handsFor(world);
    if (!hands) throw new RangeError(`${world.name} waits: nobody can be late there`);
    this.#hands = hands;
    this.#background = background;
    this.#onOver = onOver;
    this.#recorder = new Recorder(controls);
  }

  enter(): void {
    this.#controls.letGo();
  }

  start(): void {
    if (this.progress.peek().phase !== "ready") return;
    this.#recorder.begin();
    this.progress.value = { ...this.progress.peek(), phase: "playing" };
  }

  /** Shows, until it is played, along which stretches of its way the learner would now do something else. */
  learned(stretches: Lit["stretches"]): void {
    this.#stretches = stretches;
  }

  frame(seconds: number): View {
    this.#recorder.frame();
    if (this.progress.peek().phase === "playing") this.#play(playSeconds(seconds));
    const { path, step, pose } = this.#playback;
    const lit = this.progress.peek().phase === "ready" ? litAlong(this.#stretches) : null;
    return {
      background: this.#background,
      agents: [{ pose, role: "learner" }],
      trails: [
        ...this.#playback.trails("learner"),
        ...planOf(this.#world, this.#state, this.#hands.action, "expert"),
      ],
      falls: fallsOf(path, 0, step),
      map: null,
      cursor: null,
      ...(lit && { lit }),
    };
  }

  #play(seconds: number): void {
    const playback = this.#playback;
    const { length } = this.#trajectory;
    this.#hands.turn(this.#state, this.#controls, seconds);
    playback.time = Math.min(length, playback.time + seconds * this.#pace);
    const wide = this.#hands.action.length;
    // A step's action is where the wheel is while that step is to be seen.
    while (this.#actions.length / wide < Math.min(length, playback.step + 1)) {
      this.#actions.push(...this.#hands.action);
      this.#recorder.step();
    }
    const over = playback.time >= length;
    const before = this.progress.peek();
    const touched = before.touched || this.#controls.active(this.#world);
    const time = playback.step;
    if (over || time !== before.time || touched !== before.touched) {
      this.progress.value = { phase: over ? "over" : "playing", time, touched };
    }
    if (over) this.#onOver(this.#actions, this.#recorder.recording);
  }

  get #state(): Float64Array {
    const { step } = this.#playback;
    const size = this.#world.stateSize;
    return this.#trajectory.states.subarray(step * size, (step + 1) * size);
  }
}
