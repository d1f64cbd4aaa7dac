import { signal } from "@preact/signals";
import type { DriveRecording } from "../../../shared/lesson/recording.ts";
import { Controller, type Episode } from "../../../shared/worlds/episode.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import type { Pose } from "../../../shared/worlds/picture.ts";
import { isByKeys, stepsIn } from "../../../shared/worlds/steering.ts";
import { Outcome } from "../../../shared/worlds/world.ts";
import {
  fallsOf,
  type Path,
  poseIn,
  type Role,
  type Trail,
  trailsOf,
} from "../../drawing/trails.ts";
import { chime } from "../../sound/sound.ts";
import type { Activity, RewardMap, View } from "../../stage/activity.ts";
import type { Controls } from "../../stage/controls.ts";
import type { Moment } from "../../stage/feeling.ts";
import { followMoves, type Hands, handsFor, ignoreMoves } from "../../stage/hands.ts";
import { playSeconds } from "./frame-time.ts";
import { LiveEpisode } from "./live-episode.ts";
import { Recorder } from "./recorder.ts";

/** Episodes shorter than this many seconds of play (or moves) are taken for a slip and not kept. */
const leastSeconds = 1;
/** Seconds after which hands that were busy with one episode may start another, once they have been at rest. */
const breath = 0.6;
/** Seconds for which a gust is told in words, where the world runs by itself. */
const gustSeconds = 1;

export interface DriveProgress {
  readonly phase: "waiting" | "driving" | "over";
  readonly time: number;
  readonly falls: number;
  /** Whether a gust, or a slip, has just taken them elsewhere. */
  readonly blown: boolean;
}

/** Someone who drives the same episode beside the person, a step for each of theirs. */
export interface Companion {
  readonly path: Path;
  readonly role: Role;
}

export interface DriveOptions {
  /** What to draw beneath, such as earlier drives. */
  readonly background: readonly Trail[];
  readonly companions?: readonly Companion[];
  /** Whether it follows straight on another, which hands may still be busy with: then it waits for a press of its own. */
  readonly another?: boolean;
  /** A map to draw beneath, asked for in every frame. */
  readonly map?: () => RewardMap | null;
  /** Told the episode so far, after each step. */
  readonly onStep?: (episode: Episode) => void;
  /** Told where one leaves a walk that is begun and not over: it is not kept. */
  readonly onUnfinished?: () => void;
  /** Told the episode once it is over, whether it ran to its end or was broken off. */
  readonly onOver: (episode: Episode, recording: DriveRecording) => void;
}

/** The person drives: the world waits for their first touch, then runs until the episode is over. */
export class PersonDrive implements Activity {
  readonly progress = signal<DriveProgress>({
    phase: "waiting",
    time: 0,
    falls: 0,
    blown: false,
  });
  /** Whether the last move led nowhere, in a world that waits. */
  readonly isStuck = signal(false);
  readonly world: Level;
  readonly #controls: Controls;
  readonly #options: DriveOptions;
  readonly #live: LiveEpisode;
  readonly #hands: Hands | null;
  readonly #recorder: Recorder;
  #fall: Incident | null = null;
  /** Whether there was a touch: on a slow machine one may begin and end between two frames. */
  #isTouched = false;
  #gust: (Incident & { readonly toward: number }) | null = null;
  /** Whether hands have been at rest since it is on the stage. */
  #isRested = false;
  /** Seconds that it has been on the stage. */
  #age = 0;

  constructor(world: Level, seed: number, controls: Controls, options: DriveOptions) {
    this.world = world;
    this.#controls = controls;
    this.#options = options;
    this.#live = new LiveEpisode(world, seed);
    this.#hands = handsFor(world);
    this.#recorder = new Recorder(controls);
  }

  get state(): Float64Array {
    return this.#live.state;
  }

  enter(): void {
    this.#recorder.begin();
    if (this.#hands) {
      const touch = () => {
        if (!this.#isEarly) this.#isTouched = true;
      };
      this.#controls.onPress = touch;
      if (!isByKeys(this.world)) this.#controls.onPoint = touch;
      return;
    }
    followMoves(this.world, this.state, this.#controls, (action) => {
      if (!this.#isEarly) this.#step(action);
    });
  }

  frame(seconds: number): View {
    this.#age += seconds;
    this.#isRested ||= this.#controls.isAtRest;
    this.#recorder.frame();
    if (this.#hands) this.#run(this.#hands, seconds);
    else this.#live.sinceStep += seconds;
    return this.#view();
  }

  /**
   * Ends the episode now; what was driven so far is kept if it is long enough to mean anything.
   * Returns whether it was.
   */
  end(): boolean {
    return this.progress.peek().phase === "driving" && this.#finish();
  }

  /** Half a walk shows another end than the one that was meant; half a drive is a drive. */
  leave(): void {
    if (this.#hands) this.end();
    else if (this.progress.peek().phase === "driving") this.#options.onUnfinished?.();
    ignoreMoves(this.#controls);
  }

  /** Whether a touch may still be meant for the episode before. */
  get #isEarly(): boolean {
    if (!this.#options.another || this.progress.peek().phase !== "waiting") return false;
    return this.#age <= breath || !this.#isRested;
  }

  #run(hands: Hands, seconds: number): void {
    const waiting = this.progress.peek().phase === "waiting";
    // What is held since before may be meant for the episode before, too.
    const isHeld = !this.#options.another && this.#controls.active(this.world);
    if (waiting && (this.#isTouched || isHeld)) {
      this.#recorder.begin();
      this.#report("driving");
    }
    if (this.progress.peek().phase !== "driving") return;
    hands.turn(this.state, this.#controls, seconds);
    this.#live.sinceStep += playSeconds(seconds);
    while (this.#live.isDue && this.progress.peek().phase === "driving") this.#step(hands.action);
  }

  #step(action: Float64Array): void {
    if (this.progress.peek().phase === "over") return;
    const live = this.#live;
    const { x, y } = live.path.poses.at(-1)!;
    const here = { x, y, at: this.#age };
    const before = live.state.slice();
    const outcome = live.step(action, Controller.expert);
    this.#recorder.step();
    if (outcome === Outcome.fell) {
      this.#hands?.centre();
      this.#fall = here;
    }
    const toward = live.path.gusts.get(live.time - 1);
    if (toward !== undefined) this.#gust = { ...here, toward };
    else if (!this.#hands) this.#gust = null;
    const isElsewhere = live.state.some((value, i) => value !== before[i]);
    this.isStuck.value =
      !this.#hands && !isElsewhere && toward === undefined && !isStay(this.world, action);
    this.#report("driving");
    if (live.isOver) this.#finish();
    else this.#options.onStep?.(live.record());
  }

  #finish(): boolean {
    this.#report("over");
    if (this.#live.isOver && this.#live.path.falls.size === 0) chime();
    if (this.#live.time < stepsIn(this.world.steering, leastSeconds, 0)) return false;
    this.#options.onOver(this.#live.record(), this.#recorder.recording);
    return true;
  }

  #report(phase: DriveProgress["phase"]): void {
    const { time, path } = this.#live;
    this.progress.value = {
      phase,
      time,
      falls: path.falls.size,
      blown: this.#gust !== null && (!this.#hands || this.#age - this.#gust.at < gustSeconds),
    };
  }

  #view(): View {
    const { path, pose, share, time, seen } = this.#live;
    const { background, companions = [], map } = this.#options;
    // The person's last step is still on its way, and so is the companions'.
    const then = Math.max(0, time - 1);
    const beside = companions.map((companion) => {
      const end = Math.min(then, companion.path.poses.length - 1);
      return { ...companion, end, pose: poseIn(companion.path, end, share) };
    });
    const aside = this.#hands
      ? []
      : beside.map((companion) => apart(this.world, pose, companion.pose));
    return {
      background,
      agents: [
        ...beside.map(({ pose, role }, i) => ({ pose: shifted(pose, aside[i] ?? 0), role })),
        { pose: shifted(pose, -Math.max(0, ...aside)), role: "expert" },
      ],
      trails: [
        ...beside.flatMap(({ path, role, end }) => trailsOf(path, role, "past", 0, end)),
        ...trailsOf(path, "expert", "past", 0, seen),
      ],
      falls: [...beside.flatMap(({ path, end }) => fallsOf(path, 0, end)), ...fallsOf(path)],
      map: map?.() ?? null,
      cursor: null,
      feeling: {
        pose,
        fall: this.#fall && this.#felt(this.#fall),
        gust: this.#gust && { ...this.#felt(this.#gust), toward: this.#gust.toward },
        coming: this.progress.peek().phase === "driving" ? this.#live.coming : null,
      },
    };
  }

  #felt({ x, y, at }: Incident): Moment {
    return { x, y, age: this.#age - at };
  }
}

/** How far two who walk are to be drawn aside, so that neither hides the other: all the way where they are on one tile. */
function apart({ picture: { agent } }: Level, one: Pose, other: Pose): number {
  const distance = Math.hypot(one.x - other.x, one.y - other.y);
  return 0.45 * Math.max(0, agent - distance);
}

function shifted(pose: Pose, aside: number): Pose {
  return aside === 0 ? pose : { ...pose, x: pose.x + aside };
}

/** Whether an action is to stay where one is. */
function isStay({ steering: { keys } }: Level, action: Float64Array): boolean {
  return keys.space?.every((value, i) => value === action[i]) ?? false;
}

/** Something that happened at (x, y), when the drive had this age in seconds. */
interface Incident {
  readonly x: number;
  readonly y: number;
  readonly at: number;
}
