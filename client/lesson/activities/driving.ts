import { signal } from "@preact/signals";
import { width } from "../../../shared/spaces.ts";
import { Controller, type Episode, Simulation } from "../../../shared/worlds/episode.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import type { Pose } from "../../../shared/worlds/picture.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { pushOf } from "../../../shared/worlds/weather.ts";
import { Outcome } from "../../../shared/worlds/world.ts";
import type { Role, Trail } from "../../drawing/trails.ts";
import { between, fallsOf, type Path, trailsOf } from "../../drawing/trails.ts";
import type { Activity, RewardMap, View } from "../../stage/activity.ts";
import type { Controls } from "../../stage/controls.ts";
import type { Moment } from "../../stage/feeling.ts";
import { type Hands, handsFor } from "../../stage/hands.ts";

/** Episodes shorter than this many seconds of play (or moves) are taken for a slip and not kept. */
const leastSeconds = 1;
/** Seconds during which hands that are still busy with one episode do not start another. */
const breath = 0.6;
/** Seconds for which a gust is told in words, where the world runs by itself. */
const gustSeconds = 1;
/** Seconds that a move takes to be seen, where the world waits for each action. */
const moveSeconds = 0.11;

export interface Progress {
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

export interface Ride {
  /** What to draw beneath, such as earlier drives. */
  readonly background: readonly Trail[];
  readonly companions?: readonly Companion[];
  /** Whether it follows straight on another, which hands may still be busy with. */
  readonly another?: boolean;
  /** A map to draw beneath, asked for in every frame. */
  readonly map?: () => RewardMap | null;
  /** Told the episode so far, after each step. */
  readonly onStep?: (episode: Episode) => void;
  /** Told the episode once it is over, whether it ran to its end or was broken off. */
  readonly onOver: (episode: Episode) => void;
}

/** The person drives: the world waits for their first touch, then runs until the episode is over. */
export class Driving implements Activity {
  readonly progress = signal<Progress>({
    phase: "waiting",
    time: 0,
    falls: 0,
    blown: false,
  });
  readonly world: Level;
  readonly #seed: number;
  readonly #controls: Controls;
  readonly #ride: Ride;
  readonly #drive: Simulation;
  readonly #hands: Hands | null;
  readonly #actions: number[] = [];
  readonly #path: { poses: Pose[]; falls: Set<number> };
  #fall: Happened | null = null;
  #gust: (Happened & { readonly toward: number }) | null = null;
  #seconds = 0;
  #age = 0;

  constructor(world: Level, seed: number, controls: Controls, ride: Ride) {
    this.world = world;
    this.#seed = seed;
    this.#controls = controls;
    this.#ride = ride;
    this.#drive = new Simulation(world, seed);
    this.#hands = handsFor(world);
    this.#path = { poses: [world.picture.pose(this.#drive.state)], falls: new Set() };
  }

  get state(): Float64Array {
    return this.#drive.state;
  }

  enter(): void {
    const controls = this.#controls;
    const world = this.world;
    controls.onPress = (key) => {
      const action = world.steering.keys[key];
      if (!this.#hands && action && !this.#early) this.#step(Float64Array.from(action));
    };
    controls.onPoint = (x, y) => {
      if (this.#hands || this.#early) return;
      const action = new Float64Array(width(world.action));
      world.steering.toward(this.#drive.state, x, y, action);
      this.#step(action);
    };
  }

  frame(seconds: number): View {
    this.#age += seconds;
    if (this.#hands) this.#run(seconds);
    else this.#seconds += seconds;
    return this.#view();
  }

  /**
   * Ends the episode now; what was driven so far is kept if it is long enough to mean anything.
   * Returns whether it was.
   */
  end(): boolean {
    return this.progress.value.phase === "driving" && this.#finish();
  }

  /** Half a walk shows another end than the one that was meant; half a drive is a drive. */
  leave(): void {
    if (this.#hands) this.end();
    this.#controls.onPress = this.#controls.onPoint = () => {};
  }

  /** Whether a touch may still be meant for the episode before. */
  get #early(): boolean {
    const { another = false } = this.#ride;
    return another && this.progress.peek().phase === "waiting" && this.#age <= breath;
  }

  #run(seconds: number): void {
    const hands = this.#hands!;
    const waiting = this.progress.value.phase === "waiting";
    if (waiting && !this.#early && this.#controls.active(this.world)) this.#report("driving");
    if (this.progress.value.phase !== "driving") return;
    hands.turn(this.#drive.state, this.#controls, seconds);
    const stepSeconds = 1 / stepsIn(this.world.steering, 1, 1);
    // A page that was in the background comes back with one long frame: play goes on, not ahead.
    this.#seconds += Math.min(seconds, 0.1);
    while (this.#seconds >= stepSeconds && this.progress.value.phase === "driving") {
      this.#seconds -= stepSeconds;
      this.#step(hands.action);
    }
  }

  #step(action: Float64Array): void {
    if (this.progress.value.phase === "over") return;
    this.#actions.push(...action);
    const t = this.#drive.time;
    const before = this.#drive.state.slice();
    const place = this.#path.poses.at(-1)!;
    const outcome = this.#drive.step(action);
    if (outcome === Outcome.fell) {
      this.#path.falls.add(t);
      this.#hands?.centre();
      this.#fall = { place, at: this.#age };
    }
    const toward = pushOf(this.world, before, action, this.#drive.state, outcome);
    if (toward !== null) this.#gust = { place, at: this.#age, toward };
    else if (!this.#hands) this.#gust = null;
    this.#path.poses.push(this.world.picture.pose(this.#drive.state));
    if (!this.#hands) this.#seconds = 0;
    this.#report("driving");
    if (this.#drive.over) this.#finish();
    else this.#ride.onStep?.(this.#episode());
  }

  #finish(): boolean {
    this.#report("over");
    if (this.#drive.time < stepsIn(this.world.steering, leastSeconds, 0)) return false;
    this.#ride.onOver(this.#episode());
    return true;
  }

  #episode(): Episode {
    return {
      world: this.world.name,
      seed: this.#seed,
      actions: this.#actions.slice(),
      controllers: new Array<number>(this.#drive.time).fill(Controller.expert),
    };
  }

  #report(phase: Progress["phase"]): void {
    this.progress.value = {
      phase,
      time: this.#drive.time,
      falls: this.#path.falls.size,
      blown: this.#gust !== null && (!this.#hands || this.#age - this.#gust.at < gustSeconds),
    };
  }

  #view(): View {
    const path: Path = this.#path;
    const now = path.poses.length - 1;
    const stepSeconds = this.#hands ? 1 / stepsIn(this.world.steering, 1, 1) : moveSeconds;
    const share = Math.min(1, this.#seconds / stepSeconds);
    const jumped = now === 0 || path.falls.has(now - 1);
    const pose = jumped ? path.poses[now]! : between(path.poses[now - 1]!, path.poses[now]!, share);
    const { background, companions = [], map } = this.#ride;
    // Steps are taken when they are over, so that what is seen is up to one step behind.
    const then = Math.max(0, now - 1);
    const beside = companions.map(({ path, role }) => ({
      path,
      role,
      end: Math.min(then, path.poses.length - 1),
    }));
    return {
      background,
      agents: [
        ...beside.map(({ path: { poses, falls }, role, end }) => ({
          pose:
            now === 0 || end + 1 >= poses.length || falls.has(end)
              ? poses[end]!
              : between(poses[end]!, poses[end + 1]!, share),
          role,
        })),
        { pose, role: "expert" },
      ],
      trails: [
        ...beside.flatMap(({ path, role, end }) => trailsOf(path, role, "past", 0, end)),
        ...trailsOf(path, "expert", "past", 0, jumped || share >= 1 ? now : now - 1),
      ],
      falls: [...beside.flatMap(({ path, end }) => fallsOf(path, 0, end)), ...fallsOf(path)],
      map: map?.() ?? null,
      cursor: null,
      feeling: { pose, fall: this.#ago(this.#fall), gust: this.#ago(this.#gust) },
    };
  }

  /** Something that happened, as it is felt by now. */
  #ago<Kind extends Happened>(happened: Kind | null): (Kind & Moment) | null {
    if (!happened) return null;
    const { x, y } = happened.place;
    return { ...happened, x, y, age: this.#age - happened.at };
  }
}

/** Something that happened at a place, at an age of the drive in seconds. */
interface Happened {
  readonly place: Pose;
  readonly at: number;
}
