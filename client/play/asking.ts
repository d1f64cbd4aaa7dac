import { signal } from "@preact/signals";
import { width } from "../../shared/spaces.ts";
import type { Trajectory } from "../../shared/worlds/episode.ts";
import { Outcome, type World } from "../../shared/worlds/world.ts";
import type { Activity, Trail, View } from "./activity.ts";
import type { Controls } from "./controls.ts";
import { between, fallsOf, type Path, pathOf, trailsOf } from "./trails.ts";
import { Wheel } from "./wheel.ts";

/** Seconds of lead-in before the world stops, and of what would come under an answer. */
const leadInSeconds = 1;
/** The same in moves, where the world has no pace of its own. */
const leadInMoves = 3;
/** Seconds for which the learner's own choice is shown after an answer. */
const revealSeconds = 0.7;

/**
 * Time-stop: plays how the learner got to a state, stops there, and lets the person say what they
 * would have done. What their answer would lead to is drawn from the world's own dynamics.
 */
export class Asking implements Activity {
  /** "lead-in", then "open" until {@link commit}, then "reveal" until {@link onDone} is called. */
  readonly phase = signal<"lead-in" | "open" | "reveal">("lead-in");
  /** The answer so far; null where none has been given yet. */
  readonly answer = signal<readonly number[] | null>(null);
  readonly #world: World;
  readonly #trajectory: Trajectory;
  readonly #path: Path;
  readonly #t: number;
  readonly #controls: Controls;
  readonly #wheel: Wheel | null;
  readonly #background: readonly Trail[];
  readonly #onDone: (answer: readonly number[]) => void;
  readonly #state: Float64Array;
  #seconds = 0;

  /**
   * @param t the time step of `trajectory` that is asked about
   * @param onDone told the answer, once the learner's own has been shown beside it
   */
  constructor(
    world: World,
    trajectory: Trajectory,
    t: number,
    controls: Controls,
    background: readonly Trail[],
    onDone: (answer: readonly number[]) => void,
  ) {
    this.#world = world;
    this.#trajectory = trajectory;
    this.#path = pathOf(world, trajectory);
    this.#t = t;
    this.#controls = controls;
    this.#background = background;
    this.#onDone = onDone;
    this.#state = trajectory.states.slice(t * world.stateSize, (t + 1) * world.stateSize);
    this.#wheel = world.rest ? new Wheel(world) : null;
    if (this.#wheel) this.answer.value = Array.from(this.#wheel.action);
  }

  enter(): void {
    const controls = this.#controls;
    const world = this.#world;
    controls.letGo();
    controls.onPress = (key) => {
      const action = world.keys[key];
      if (this.phase.value === "reveal" || !action) return;
      this.phase.value = "open";
      if (!this.#wheel) this.answer.value = action;
    };
    controls.onPoint = (x, y) => {
      if (this.phase.value === "reveal") return;
      this.phase.value = "open";
      if (this.#wheel) return;
      const action = new Float64Array(width(world.action));
      world.toward(this.#state, x, y, action);
      this.answer.value = Array.from(action);
    };
  }

  /** What the learner did there. */
  get learners(): readonly number[] {
    const wide = width(this.#world.action);
    return Array.from(this.#trajectory.actions.subarray(this.#t * wide, (this.#t + 1) * wide));
  }

  /** Gives the answer, if there is one. */
  commit(): void {
    if (this.answer.value === null || this.phase.value === "reveal") return;
    this.phase.value = "reveal";
    this.#seconds = 0;
  }

  frame(seconds: number): View {
    this.#seconds += seconds;
    const leadIn = this.#world.stepsPerSecond * leadInSeconds || leadInMoves;
    const from = Math.max(0, this.#t - leadIn);
    if (this.phase.value === "lead-in" && this.#seconds >= leadInSeconds) this.phase.value = "open";
    if (this.phase.value === "open") this.#listen(seconds);
    if (this.phase.value === "reveal" && this.#seconds >= revealSeconds) {
      this.#seconds = Number.NEGATIVE_INFINITY;
      this.#onDone(this.answer.value!);
    }

    const before = trailsOf(this.#path, "learner", "past", from, this.#t);
    if (this.phase.value === "lead-in") {
      const time = from + (this.#seconds / leadInSeconds) * (this.#t - from);
      const t = Math.min(Math.floor(time), Math.max(from, this.#t - 1));
      const { poses, falls } = this.#path;
      const pose =
        falls.has(t) || t === this.#t ? poses[t]! : between(poses[t]!, poses[t + 1]!, time - t);
      return this.#view(pose, trailsOf(this.#path, "learner", "past", from, t), from);
    }
    const plans = [...this.#plan(this.answer.value, "expert")];
    if (this.phase.value === "reveal") plans.push(...this.#plan(this.learners, "learner"));
    return this.#view(this.#path.poses[this.#t]!, [...before, ...plans], from);
  }

  leave(): void {
    this.#controls.onPress = this.#controls.onPoint = () => {};
  }

  #listen(seconds: number): void {
    if (!this.#wheel) return;
    this.#wheel.turn(this.#state, this.#controls, seconds, true);
    const action = Array.from(this.#wheel.action);
    if (action.some((value, i) => value !== this.answer.value?.[i])) this.answer.value = action;
  }

  /** The next second under `action`, held, in still air. */
  #plan(action: readonly number[] | null, role: Trail["role"]): Trail[] {
    if (!action) return [];
    const world = this.#world;
    const row = Float64Array.from(action);
    const state = this.#state.slice();
    const points = [world.pose(state)];
    for (let t = 0; t < (world.stepsPerSecond || 1); t++) {
      const outcome = world.step(state, row, null, state);
      if (outcome === Outcome.fell) break;
      points.push(world.pose(state));
      if (outcome === Outcome.done) break;
    }
    return [{ role, style: "plan", points }];
  }

  #view(pose: Path["poses"][number], trails: readonly Trail[], from: number): View {
    return {
      background: this.#background,
      agents: [{ pose, role: "learner" }],
      trails,
      falls: fallsOf(this.#path, from, this.#t),
      map: null,
      cursor: null,
    };
  }
}
