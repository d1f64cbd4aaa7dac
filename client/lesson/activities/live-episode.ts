import { type Episode, Simulation } from "../../../shared/worlds/episode.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import type { Pose } from "../../../shared/worlds/picture.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { pushOf } from "../../../shared/worlds/weather.ts";
import { Outcome } from "../../../shared/worlds/world.ts";
import { between, type Path } from "../../drawing/trails.ts";
import { Forecast } from "./forecast.ts";

/** Seconds that a move takes to be seen, where the world waits for each action. */
export const moveSeconds = 0.11;

/**
 * An episode while it is being driven: what was done so far and by whom, and what there is to see of
 * it. Whoever has it lets time pass ({@link sinceStep}), and takes a step when one is due, or when the
 * person moves.
 */
export class LiveEpisode {
  /** The path so far. */
  readonly path: Path;
  /** Who chose each action so far: a Controller for each step. */
  readonly controllers: number[] = [];
  /** Seconds of play since the last step. */
  sinceStep = 0;
  readonly #world: Level;
  readonly #seed: number;
  readonly #simulation: Simulation;
  readonly #actions: number[] = [];
  readonly #poses: Pose[];
  readonly #falls = new Set<number>();
  readonly #gusts = new Map<number, number>();
  readonly #forecast: Forecast | null;
  /** Seconds until a step is over and seen. */
  readonly #stepSeconds: number;

  constructor(world: Level, seed: number) {
    this.#world = world;
    this.#seed = seed;
    this.#simulation = new Simulation(world, seed);
    this.#poses = [world.picture.pose(this.state)];
    this.path = { poses: this.#poses, falls: this.#falls, gusts: this.#gusts };
    this.#forecast = world.weather === "turns" ? new Forecast(world, seed, this.state) : null;
    this.#stepSeconds =
      world.steering.pace === "runs" ? 1 / stepsIn(world.steering, 1, 1) : moveSeconds;
  }

  /** The state now; the same array throughout. */
  get state(): Float64Array {
    return this.#simulation.state;
  }

  /** Steps taken. */
  get time(): number {
    return this.#simulation.time;
  }

  get isOver(): boolean {
    return this.#simulation.over;
  }

  /** Whether a world that runs has come to its next step. */
  get isDue(): boolean {
    return this.sinceStep >= this.#stepSeconds;
  }

  /**
   * Takes a step and returns its Outcome.
   * @param controller who chose the action, a Controller
   * @throws RangeError where the episode is over
   */
  step(action: Float64Array, controller: number): number {
    const t = this.time;
    const before = this.state.slice();
    const outcome = this.#simulation.step(action);
    this.#actions.push(...action);
    this.controllers.push(controller);
    if (outcome === Outcome.fell) this.#falls.add(t);
    const toward = pushOf(this.#world, before, action, this.state, outcome);
    if (toward !== null) this.#gusts.set(t, toward);
    this.#forecast?.look(this.state);
    this.#poses.push(this.#world.picture.pose(this.state));
    this.sinceStep = this.#world.steering.pace === "runs" ? this.sinceStep - this.#stepSeconds : 0;
    return outcome;
  }

  /** Shows the last step to its end. */
  settle(): void {
    this.sinceStep = this.#stepSeconds;
  }

  /** The share of the last step that is to be seen: a step is taken when it is over, and then shown. */
  get share(): number {
    return this.time === 0 ? 0 : Math.min(1, this.sinceStep / this.#stepSeconds);
  }

  /** Where to draw whoever drives: on the way to where the last step led, or there at once after a fall. */
  get pose(): Pose {
    const [before, now] = this.#poses.slice(-2);
    return this.#jumped ? this.#poses.at(-1)! : between(before!, now!, this.share);
  }

  /** The step up to which the path is to be seen. */
  get seen(): number {
    return this.#jumped || this.share >= 1 ? this.time : this.time - 1;
  }

  /** The gust that comes next, if one is near: which way it will push, and in how many seconds. */
  get coming(): { readonly toward: number; readonly within: number } | null {
    const gust = this.#forecast?.after(this.time) ?? null;
    return (
      gust && {
        toward: gust.toward,
        within: Math.max(0, (gust.t - this.time + 1) * this.#stepSeconds - this.sinceStep),
      }
    );
  }

  /** The episode as far as it has come. */
  record(): Episode {
    return {
      world: this.#world.name,
      seed: this.#seed,
      actions: this.#actions.slice(),
      controllers: this.controllers.slice(),
    };
  }

  /** Whether they are where they are without having gone there: at the start, and after a fall. */
  get #jumped(): boolean {
    return this.time === 0 || this.#falls.has(this.time - 1);
  }
}
