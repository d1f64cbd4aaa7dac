import { signal } from "@preact/signals";
import { type Driver, driverOf } from "../../../../shared/imitation/rollout.ts";
import type { DriveRecording } from "../../../../shared/lesson/recording.ts";
import type { Policy } from "../../../../shared/policies/policy.ts";
import { width } from "../../../../shared/spaces.ts";
import { Controller, type Episode } from "../../../../shared/worlds/episode.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { Outcome } from "../../../../shared/worlds/world.ts";
import { fallsOf, type Trail } from "../../../drawing/trails.ts";
import type { Activity, Lit, View } from "../../../stage/activity.ts";
import type { Controls } from "../../../stage/controls.ts";
import { followMoves, type Hands, handsFor, ignoreMoves } from "../../../stage/hands.ts";
import { playSeconds } from "../../activities/frame-time.ts";
import { LiveEpisode, moveSeconds } from "../../activities/live-episode.ts";
import { planOf } from "../../activities/look-ahead.ts";
import { Recorder } from "../../activities/recorder.ts";
import { litAlong } from "../../learned/lit.ts";
import {
  handBackSeconds,
  labelsIn,
  mix,
  ownFallsIn,
  sharedTrails,
  takeoversIn,
} from "../one-wheel.ts";

/** Seconds before each of the learner's moves, where the world waits for them. */
const pauseSeconds = 0.4;

export interface TakeoverProgress {
  readonly phase: "ready" | "driving" | "over";
  readonly time: number;
  /** Seconds driven. */
  readonly seconds: number;
  readonly takeovers: number;
  /** Steps under the person: what will be learned. */
  readonly labels: number;
  readonly falls: number;
  /** Whether the person has the wheel. */
  readonly hands: boolean;
}

/**
 * The learner drives, and the person takes the wheel when they see fit and for as long as they hold
 * on (HG-DAgger, Kelly et al. 2019). Given back, the wheel goes over to the learner little by little;
 * these steps are counted as the learner's, as nobody would do them so of their own accord.
 */
export class TakeoverDrive implements Activity {
  readonly progress = signal<TakeoverProgress>({
    phase: "ready",
    time: 0,
    seconds: 0,
    takeovers: 0,
    labels: 0,
    falls: 0,
    hands: false,
  });
  readonly world: Level;
  readonly #controls: Controls;
  readonly #background: readonly Trail[];
  readonly #onOver: (episode: Episode, recording: DriveRecording) => void;
  readonly #recorder: Recorder;
  readonly #live: LiveEpisode;
  readonly #learner: Driver;
  readonly #hands: Hands | null;
  readonly #action: Float64Array;
  /** How much of the wheel is the person's, in [0, 1]. */
  #grip = 0;
  #held = false;
  #seconds = 0;
  /** What the learner has learned from it, once it is over. */
  #stretches: Lit["stretches"] = [];

  /** @param onOver told the episode once it is over; it has no step where the drive is ended at once */
  constructor(
    world: Level,
    policy: Policy,
    seed: number,
    controls: Controls,
    background: readonly Trail[],
    onOver: (episode: Episode, recording: DriveRecording) => void,
  ) {
    this.world = world;
    this.#controls = controls;
    this.#background = background;
    this.#onOver = onOver;
    this.#recorder = new Recorder(controls);
    this.#live = new LiveEpisode(world, seed);
    this.#learner = driverOf(world, policy);
    this.#hands = handsFor(world);
    this.#action = new Float64Array(width(world.action));
  }

  get state(): Float64Array {
    return this.#live.state;
  }

  /** How often the person fell. */
  get ownFalls(): number {
    return ownFallsIn(this.#live);
  }

  enter(): void {
    this.#controls.letGo();
    if (this.#hands) return;
    followMoves(this.world, this.state, this.#controls, (action) => {
      if (this.progress.peek().phase !== "driving") return;
      this.#hold(true);
      this.#step(action, Controller.expert);
    });
  }

  start(): void {
    if (this.progress.peek().phase !== "ready") return;
    this.#recorder.begin();
    this.#report("driving");
  }

  /** Ends the drive where it is. */
  finish(): void {
    if (this.progress.peek().phase !== "driving") return;
    this.#held = false;
    this.#live.settle();
    this.#report("over");
    this.#onOver(this.#live.record(), this.#recorder.recording);
  }

  /** Shows along which stretches of its way the learner would now do something else. */
  learned(stretches: Lit["stretches"]): void {
    this.#stretches = stretches;
  }

  frame(seconds: number): View {
    this.#recorder.frame();
    if (this.progress.peek().phase === "driving") {
      const passed = playSeconds(seconds);
      this.#seconds += passed;
      this.#live.sinceStep += passed;
      if (this.#hands) this.#steer(this.#hands, passed);
      else this.#walk();
    }
    return this.#view();
  }

  leave(): void {
    this.finish();
    ignoreMoves(this.#controls);
  }

  #steer(hands: Hands, seconds: number): void {
    const held = this.#controls.active(this.world);
    if (held) {
      // Taken over as it stands: the person's turn begins where the learner's ends.
      if (!this.#held) hands.action.set(this.#mixed(hands));
      hands.turn(this.state, this.#controls, seconds);
    }
    this.#hold(held);
    this.#grip = held ? 1 : Math.max(0, this.#grip - seconds / handBackSeconds);
    while (this.#live.isDue && this.progress.peek().phase === "driving") {
      this.#step(this.#mixed(hands), held ? Controller.expert : Controller.learner);
    }
  }

  /** A move of the learner's, unless the person holds on: then the world waits for theirs. */
  #walk(): void {
    const live = this.#live;
    if (this.#controls.active(this.world)) live.sinceStep = Math.min(live.sinceStep, moveSeconds);
    if (live.sinceStep < pauseSeconds) return;
    this.#learner(this.state, this.#action);
    this.#hold(false);
    this.#step(this.#action, Controller.learner);
  }

  /** What the wheel does now: the person's turn as far as they grip it, the learner's for the rest. */
  #mixed({ action: mine }: Hands): Float64Array {
    this.#learner(this.state, this.#action);
    mix(this.world.action, mine, this.#grip, this.#action);
    return this.#action;
  }

  #step(action: Float64Array, controller: number): void {
    this.#recorder.step();
    if (this.#live.step(action, controller) === Outcome.fell) this.#hands?.centre();
    this.#report("driving");
    if (this.#live.isOver) this.finish();
  }

  #hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    this.#report(this.progress.peek().phase);
  }

  #report(phase: TakeoverProgress["phase"]): void {
    const { time, controllers, path } = this.#live;
    this.progress.value = {
      phase,
      time,
      seconds: this.#seconds,
      takeovers: takeoversIn(controllers),
      labels: labelsIn(controllers),
      falls: path.falls.size,
      hands: this.#held,
    };
  }

  #view(): View {
    const { path, pose, seen, controllers } = this.#live;
    const lit = this.progress.peek().phase === "driving" ? null : litAlong(this.#stretches);
    return {
      background: this.#background,
      agents: [{ pose, role: this.#held ? "expert" : "learner" }],
      trails: [...sharedTrails(path, controllers, seen), ...this.#intention()],
      falls: fallsOf(path),
      map: null,
      cursor: null,
      ...(lit && { lit }),
    };
  }

  /** Where the world waits there is time to see what the learner means to do. */
  #intention(): Trail[] {
    if (this.#hands || this.progress.peek().phase !== "driving") return [];
    if (this.#live.sinceStep < moveSeconds) return [];
    this.#learner(this.state, this.#action);
    return planOf(this.world, this.state, this.#action, "learner");
  }
}
