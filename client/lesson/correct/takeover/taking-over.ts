import { signal } from "@preact/signals";
import { type Driver, driverOf } from "../../../../shared/imitation/rollout.ts";
import type { Policy } from "../../../../shared/policies/policy.ts";
import { clip, width } from "../../../../shared/spaces.ts";
import { Controller, type Episode, Simulation } from "../../../../shared/worlds/episode.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import type { Pose } from "../../../../shared/worlds/picture.ts";
import { stepsIn } from "../../../../shared/worlds/steering.ts";
import { Outcome } from "../../../../shared/worlds/world.ts";
import type { Trail } from "../../../drawing/trails.ts";
import { between, fallsOf, type Path, trailsOf } from "../../../drawing/trails.ts";
import type { Activity, View } from "../../../stage/activity.ts";
import type { Controls } from "../../../stage/controls.ts";
import { type Hands, handsFor } from "../../../stage/hands.ts";
import { planOf } from "../../activities/look-ahead.ts";

/** Seconds in which the wheel goes back from the person to the learner. */
const handBackSeconds = 0.3;
/** Seconds before each of the learner's moves, where the world waits for them. */
const pauseSeconds = 0.4;
/** Seconds that a move takes to be seen there. */
const moveSeconds = 0.11;

export interface Shared {
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
export class TakingOver implements Activity {
  readonly progress = signal<Shared>({
    phase: "ready",
    time: 0,
    seconds: 0,
    takeovers: 0,
    labels: 0,
    falls: 0,
    hands: false,
  });
  readonly world: Level;
  readonly #seed: number;
  readonly #controls: Controls;
  readonly #background: readonly Trail[];
  readonly #onOver: (episode: Episode) => void;
  readonly #drive: Simulation;
  readonly #learner: Driver;
  readonly #hands: Hands | null;
  readonly #actions: number[] = [];
  readonly #controllers: number[] = [];
  readonly #path: { poses: Pose[]; falls: Set<number> };
  readonly #action: Float64Array;
  /** How much of the wheel is the person's, in [0, 1]. */
  #grip = 0;
  #held = false;
  #sinceStep = 0;
  #seconds = 0;

  /** @param onOver told the episode once it is over, if it has a step */
  constructor(
    world: Level,
    policy: Policy,
    seed: number,
    controls: Controls,
    background: readonly Trail[],
    onOver: (episode: Episode) => void,
  ) {
    this.world = world;
    this.#seed = seed;
    this.#controls = controls;
    this.#background = background;
    this.#onOver = onOver;
    this.#drive = new Simulation(world, seed);
    this.#learner = driverOf(world, policy);
    this.#hands = handsFor(world);
    this.#path = { poses: [world.picture.pose(this.#drive.state)], falls: new Set() };
    this.#action = new Float64Array(width(world.action));
  }

  get state(): Float64Array {
    return this.#drive.state;
  }

  enter(): void {
    const controls = this.#controls;
    const world = this.world;
    controls.letGo();
    if (this.#hands) return;
    controls.onPress = (key) => {
      const action = world.steering.keys[key];
      if (action) this.#move(action);
    };
    controls.onPoint = (x, y) => {
      const action = new Float64Array(width(world.action));
      world.steering.toward(this.#drive.state, x, y, action);
      this.#move(action);
    };
  }

  start(): void {
    if (this.progress.peek().phase === "ready") this.#report("driving");
  }

  /** Ends the drive where it is. */
  finish(): void {
    if (this.progress.peek().phase !== "driving") return;
    this.#held = false;
    this.#report("over");
    if (this.#drive.time > 0) this.#onOver(this.#episode());
  }

  frame(seconds: number): View {
    if (this.progress.peek().phase === "driving") {
      // A page that was in the background comes back with one long frame: play goes on, not ahead.
      const passed = Math.min(seconds, 0.1);
      this.#seconds += passed;
      this.#sinceStep += passed;
      if (this.#hands) this.#steer(this.#hands, passed);
      else this.#walk();
    }
    return this.#view();
  }

  leave(): void {
    this.finish();
    this.#controls.onPress = this.#controls.onPoint = () => {};
  }

  #steer(hands: Hands, seconds: number): void {
    const held = this.#controls.active(this.world);
    if (held) {
      // Taken over as it stands: the person's turn begins where the learner's ends.
      if (!this.#held) hands.action.set(this.#mixed());
      hands.turn(this.#drive.state, this.#controls, seconds);
    }
    this.#hold(held);
    this.#grip = held ? 1 : Math.max(0, this.#grip - seconds / handBackSeconds);
    const stepSeconds = 1 / stepsIn(this.world.steering, 1, 1);
    while (this.#sinceStep >= stepSeconds && this.progress.peek().phase === "driving") {
      this.#sinceStep -= stepSeconds;
      this.#step(this.#mixed(), held ? Controller.expert : Controller.learner);
    }
  }

  /** A move of the learner's, unless the person holds on: then the world waits for theirs. */
  #walk(): void {
    if (this.#controls.active(this.world)) this.#sinceStep = Math.min(this.#sinceStep, moveSeconds);
    if (this.#sinceStep < pauseSeconds) return;
    this.#learner(this.#drive.state, this.#action);
    this.#hold(false);
    this.#step(this.#action, Controller.learner);
  }

  /** A move of the person's. */
  #move(action: ArrayLike<number>): void {
    if (this.progress.peek().phase !== "driving") return;
    this.#hold(true);
    this.#step(Float64Array.from(action), Controller.expert);
  }

  /** What the wheel does now: the person's turn as far as they grip it, the learner's for the rest. */
  #mixed(): Float64Array {
    this.#learner(this.#drive.state, this.#action);
    const mine = this.#hands!.action;
    if (this.world.action.kind === "discrete") {
      // There is nothing between two of a few actions.
      if (this.#grip === 1) this.#action.set(mine);
      return this.#action;
    }
    mine.forEach((value, i) => {
      this.#action[i] = this.#grip * value + (1 - this.#grip) * this.#action[i]!;
    });
    clip(this.world.action, this.#action);
    return this.#action;
  }

  #step(action: Float64Array, controller: number): void {
    const t = this.#drive.time;
    this.#actions.push(...action);
    this.#controllers.push(controller);
    const outcome = this.#drive.step(action);
    if (outcome === Outcome.fell) {
      this.#path.falls.add(t);
      this.#hands?.centre();
    }
    this.#path.poses.push(this.world.picture.pose(this.#drive.state));
    if (!this.#hands) this.#sinceStep = 0;
    this.#report("driving");
    if (this.#drive.over) this.finish();
  }

  #hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    this.#report(this.progress.peek().phase);
  }

  #episode(): Episode {
    return {
      world: this.world.name,
      seed: this.#seed,
      actions: this.#actions.slice(),
      controllers: this.#controllers.slice(),
    };
  }

  #report(phase: Shared["phase"]): void {
    this.progress.value = {
      phase,
      time: this.#drive.time,
      seconds: this.#seconds,
      takeovers: takeoversIn(this.#controllers),
      labels: labelsIn(this.#controllers),
      falls: this.#path.falls.size,
      hands: this.#held,
    };
  }

  #view(): View {
    const path: Path = this.#path;
    const now = path.poses.length - 1;
    const { phase } = this.progress.peek();
    const stepSeconds = this.#hands ? 1 / stepsIn(this.world.steering, 1, 1) : moveSeconds;
    const share = phase === "over" ? 1 : Math.min(1, this.#sinceStep / stepSeconds);
    const jumped = now === 0 || path.falls.has(now - 1);
    const pose = jumped ? path.poses[now]! : between(path.poses[now - 1]!, path.poses[now]!, share);
    return {
      background: this.#background,
      agents: [{ pose, role: this.#held ? "expert" : "learner" }],
      trails: [
        ...sharedTrails(path, this.#controllers, jumped || share === 1 ? now : now - 1),
        ...this.#intention(phase),
      ],
      falls: fallsOf(path),
      map: null,
      cursor: null,
    };
  }

  /** Where the world waits there is time to see what the learner means to do. */
  #intention(phase: Shared["phase"]): Trail[] {
    if (this.#hands || phase !== "driving" || this.#sinceStep < moveSeconds) return [];
    this.#learner(this.#drive.state, this.#action);
    return planOf(this.world, this.#drive.state, this.#action, "learner");
  }
}

/** How often the wheel went to the person. */
export function takeoversIn(controllers: readonly number[]): number {
  return controllers.filter(
    (controller, t) => controller === Controller.expert && controllers[t - 1] !== Controller.expert,
  ).length;
}

/** Steps that the person chose. */
export function labelsIn(controllers: readonly number[]): number {
  return controllers.filter((controller) => controller === Controller.expert).length;
}

/** The path up to step `to`, each stretch in the colour of whoever drove it. */
export function sharedTrails(path: Path, controllers: readonly number[], to: number): Trail[] {
  const trails: Trail[] = [];
  let start = 0;
  for (let t = 1; t <= to; t++) {
    if (t < to && controllers[t] === controllers[start]) continue;
    const role = controllers[start] === Controller.expert ? "expert" : "learner";
    trails.push(...trailsOf(path, role, "past", start, t));
    start = t;
  }
  return trails;
}
