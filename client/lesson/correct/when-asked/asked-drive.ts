import { signal } from "@preact/signals";
import type { AskingGate, Cause, Turn } from "../../../../shared/imitation/asking.ts";
import { type Driver, driverOf } from "../../../../shared/imitation/rollout.ts";
import { type Asking, askingLimits, lessonGate } from "../../../../shared/lesson/asking.ts";
import type { DriveRecording } from "../../../../shared/lesson/recording.ts";
import type { Policy } from "../../../../shared/policies/policy.ts";
import { width } from "../../../../shared/spaces.ts";
import { Controller, type Episode } from "../../../../shared/worlds/episode.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { isByKeys } from "../../../../shared/worlds/steering.ts";
import { Outcome } from "../../../../shared/worlds/world.ts";
import { fallsOf, type Trail } from "../../../drawing/trails.ts";
import { chime } from "../../../sound/sound.ts";
import type { Activity, Lit, View } from "../../../stage/activity.ts";
import type { Controls } from "../../../stage/controls.ts";
import { type Hands, handsFor, ignoreMoves } from "../../../stage/hands.ts";
import { trajectoryOf } from "../../../worlds/replays.ts";
import { playSeconds } from "../../activities/frame-time.ts";
import { LiveEpisode } from "../../activities/live-episode.ts";
import { driveAhead } from "../../activities/look-ahead.ts";
import { Recorder } from "../../activities/recorder.ts";
import { litAlong } from "../../learned/lit.ts";
import { handBackSeconds, labelsIn, mix, ownFallsIn, sharedTrails } from "../one-wheel.ts";

/** Seconds for which the world still waits once the wheel is taken, so that it can be turned. */
const takingSeconds = 0.2;

export interface AskedProgress {
  readonly phase: "ready" | "driving" | "asking" | "over";
  readonly time: number;
  /** Whether the person has the wheel. */
  readonly hands: boolean;
  /** Why it asked, last. */
  readonly cause: Cause | null;
  /** Why it has the wheel back; null before the first turn, and while one lasts. */
  readonly given: "over" | "spent" | null;
  /** How often it asked, the question under way among them. */
  readonly asked: number;
  /** Steps under the person: what will be learned. */
  readonly labels: number;
  readonly falls: number;
}

/** Before anything was driven. */
export const ready: AskedProgress = {
  phase: "ready",
  time: 0,
  hands: false,
  cause: null,
  given: null,
  asked: 0,
  labels: 0,
  falls: 0,
};

/** A learner that asks for the wheel, and what it asks by. */
export interface AskingLearner {
  readonly policy: Policy;
  readonly rate: number;
  /** Its own drives. */
  readonly drives: readonly Episode[];
}

/**
 * The learner drives, and asks for the wheel where it is on new ground or would soon crash (ThriftyDAgger, Hoque et al. 2021).
 * The world stops until the person takes it, and they drive until it is back on known ground, or has no more to ask for.
 * Nobody can take the wheel unasked.
 */
export class AskedDrive implements Activity {
  readonly progress = signal(ready);
  readonly world: Level;
  /** Steps that it may ask for. */
  readonly budget: number;
  readonly #rate: number;
  readonly #controls: Controls;
  readonly #background: readonly Trail[];
  readonly #onOver: (episode: Episode, recording: DriveRecording, asking: Asking | null) => void;
  readonly #recorder: Recorder;
  readonly #live: LiveEpisode;
  readonly #learner: Driver;
  readonly #ahead: number;
  readonly #gate: AskingGate;
  readonly #hands: Hands;
  readonly #action: Float64Array;
  /** Where it asked and was given the wheel. */
  readonly #turns: (readonly [t: number, cause: Cause])[] = [];
  #asked = 0;
  /** Whose the next step is; null before the first. */
  #turn: Turn | null = null;
  /** Whether the person has taken the wheel, and has it still. */
  #held = false;
  #given: AskedProgress["given"] = null;
  #cause: Cause | null = null;
  /** How much of the wheel is the person's, in [0, 1]. */
  #grip = 0;
  /** Seconds that the world still waits. */
  #waits = 0;
  /** What the learner has learned from it, once it is over. */
  #stretches: Lit["stretches"] = [];

  /**
   * @param onOver told the episode once it is over, and where the wheel was asked for and taken; it has no step where the
   *   drive is ended at once
   * @throws RangeError where the world waits for each move
   */
  constructor(
    world: Level,
    { policy, rate, drives }: AskingLearner,
    seed: number,
    controls: Controls,
    background: readonly Trail[],
    onOver: (episode: Episode, recording: DriveRecording, asking: Asking | null) => void,
  ) {
    const hands = handsFor(world);
    if (!hands) throw new RangeError(`nobody has to be asked in ${world.name}, which waits`);
    const { ahead, budget } = askingLimits(world, rate);
    this.world = world;
    this.budget = budget;
    this.#rate = rate;
    this.#controls = controls;
    this.#background = background;
    this.#onOver = onOver;
    this.#recorder = new Recorder(controls);
    this.#live = new LiveEpisode(world, seed);
    this.#learner = driverOf(world, policy);
    this.#ahead = ahead;
    this.#gate = lessonGate(world, policy, rate, drives.map(trajectoryOf));
    this.#hands = hands;
    this.#action = new Float64Array(width(world.action));
  }

  get state(): Float64Array {
    return this.#live.state;
  }

  get ownFalls(): number {
    return ownFallsIn(this.#live);
  }

  enter(): void {
    this.#controls.letGo();
    const touch = () => this.#take();
    this.#controls.onPress = touch;
    if (!isByKeys(this.world)) this.#controls.onPoint = touch;
  }

  start(): void {
    if (this.progress.peek().phase !== "ready") return;
    this.#recorder.begin();
    this.#report("driving");
  }

  /** Ends the drive where it is. */
  finish(): void {
    const { phase } = this.progress.peek();
    if (phase !== "driving" && phase !== "asking") return;
    this.#held = false;
    this.#live.settle();
    this.#report("over");
    const asking = this.#turns.length > 0 ? { rate: this.#rate, turns: [...this.#turns] } : null;
    this.#onOver(this.#live.record(), this.#recorder.recording, asking);
  }

  /** Shows along which stretches of its way the learner would now do something else. */
  learned(stretches: Lit["stretches"]): void {
    this.#stretches = stretches;
  }

  frame(seconds: number): View {
    this.#recorder.frame();
    if (this.progress.peek().phase === "driving") this.#run(playSeconds(seconds));
    return this.#view();
  }

  leave(): void {
    this.finish();
    ignoreMoves(this.#controls);
  }

  #run(seconds: number): void {
    if (this.#held) this.#hands.turn(this.state, this.#controls, seconds);
    else this.#grip = Math.max(0, this.#grip - seconds / handBackSeconds);
    if (this.#waits > 0) {
      this.#waits -= seconds;
      return;
    }
    this.#live.sinceStep += seconds;
    while (this.#live.isDue && this.progress.peek().phase === "driving") this.#advance();
  }

  /** The next step, unless the wheel has to be asked for it. */
  #advance(): void {
    this.#turn ??= this.#whose();
    const turn = this.#turn;
    if (turn.has === "learner") {
      this.#step(this.#mixed(), Controller.learner);
      return;
    }
    if (turn.asked) {
      if (!this.#held) {
        this.#ask(turn.asked);
        return;
      }
      this.#turns.push([this.#live.time, turn.asked]);
    }
    this.#step(this.#hands.action, Controller.expert);
  }

  #whose(): Turn {
    const { turns, levels } = this.#gate;
    return turns.next(levels(this.state));
  }

  #ask(cause: Cause): void {
    this.#asked++;
    this.#cause = cause;
    this.#given = null;
    // What is still held was not meant for it: the wheel goes to who presses now.
    this.#controls.letGo();
    chime();
    this.#report("asking");
  }

  #take(): void {
    if (this.progress.peek().phase !== "asking") return;
    // Taken as it stands: the person's turn begins where the learner's ends.
    this.#hands.action.set(this.#mixed());
    this.#grip = 1;
    this.#held = true;
    this.#waits = takingSeconds;
    this.#report("driving");
  }

  /** What the wheel does now: the person's turn as far as they grip it, the learner's for the rest. */
  #mixed(): Float64Array {
    this.#learner(this.state, this.#action);
    mix(this.world.action, this.#hands.action, this.#grip, this.#action);
    return this.#action;
  }

  #step(action: Float64Array, controller: number): void {
    this.#recorder.step();
    if (this.#live.step(action, controller) === Outcome.fell) this.#hands.centre();
    if (this.#live.isOver) {
      this.finish();
      return;
    }
    this.#turn = this.#whose();
    if (this.#turn.has === "learner" && this.#turn.given) {
      this.#given = this.#turn.given;
      this.#held = false;
    }
    this.#report("driving");
  }

  #report(phase: AskedProgress["phase"]): void {
    const { time, controllers, path } = this.#live;
    this.progress.value = {
      phase,
      time,
      hands: this.#held,
      cause: this.#cause,
      given: this.#given,
      asked: this.#asked,
      labels: labelsIn(controllers),
      falls: path.falls.size,
    };
  }

  #view(): View {
    const { path, pose, seen, controllers } = this.#live;
    const { phase, hands } = this.progress.peek();
    const lit = phase === "over" ? litAlong(this.#stretches) : null;
    return {
      background: this.#background,
      agents: [{ pose, role: hands ? "expert" : "learner" }],
      trails: [...sharedTrails(path, controllers, seen), ...this.#intention()],
      falls: fallsOf(path),
      map: null,
      cursor: null,
      ...(phase === "asking" && { ring: pose }),
      ...(lit && { lit }),
    };
  }

  /** While it asks there is time to see what it would do. */
  #intention(): Trail[] {
    if (this.progress.peek().phase !== "asking") return [];
    const { poses } = driveAhead(this.world, this.state, this.#learner, this.#ahead);
    return [{ role: "learner", style: "plan", points: poses }];
  }
}
