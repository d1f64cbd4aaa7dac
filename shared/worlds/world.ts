import type { Random } from "../random.ts";
import type { ActionSpace } from "../spaces.ts";

/** What one step led to. */
export const Outcome = { goesOn: 0, fell: 1, done: 2 } as const;

/**
 * Something that can be driven. A world is pure: no clock, no global randomness, no state of its
 * own. What it computes has the same bits in every engine (shared/arithmetic.ts): the browser and the
 * server agree on every step. States are rows of `stateSize` numbers that have been through `Math.fround`:
 * episodes from before were driven by the engine's own `Math.sin` and its like, and a state rounded to
 * 24 bits forgets all but a few differences in the last of 53.
 */
export interface World {
  /** Its key in the registry, in episodes and in lessons. */
  readonly name: string;
  readonly title: string;
  /** What the person is to do, in one sentence. */
  readonly task: string;
  readonly stateSize: number;
  readonly observationSize: number;
  readonly action: ActionSpace;
  /** Most steps in an episode. */
  readonly horizon: number;
  /** Steps in a second of play; 0 where the world waits for each action. */
  readonly stepsPerSecond: number;
  /** What each key stands for, as an action row. Continuous keys held together add up. */
  readonly keys: Readonly<Partial<Record<Key, readonly number[]>>>;
  /** The action while no key is held; null where the world waits. */
  readonly rest: readonly number[] | null;
  readonly measure: Measure;
  readonly stage: Stage;
  readonly lattice: Lattice;
  /** Rewards that a person can be asked to live up to, by name. */
  readonly tastes?: Readonly<Record<string, Taste>>;

  /** Writes a start state. */
  start(random: Random, state: Float64Array): void;
  /** Another world of this kind, with the same reward features: what is wanted here can be wanted there. */
  another?(seed: number): World;
  /**
   * One step of the dynamics: writes the state after `action` in `state` to `next` (they may be the
   * same row) and returns an {@link Outcome}. Without `random` there is no noise: what is drawn as
   * "the next second" is the plan, not one draw of the weather.
   */
  step(
    state: Float64Array,
    action: Float64Array,
    random: Random | null,
    next: Float64Array,
  ): number;
  /** Writes what a policy sees in `state`. */
  observe(state: Float64Array, observation: Float64Array): void;
  /** Writes the scripted expert's action in `state`. */
  expert(state: Float64Array, action: Float64Array): void;
  /** Writes the action that heads for the point (x, y) of the stage, for mouse and touch. */
  toward(state: Float64Array, x: number, y: number, action: Float64Array): void;
  pose(state: Float64Array): Pose;
  /** What a cell of the lattice is called, where a person would call it something. */
  nameOf?(cell: number): string;
  /** Where one is, in words, for worlds that wait long enough to be told. */
  whereabouts?(state: Float64Array): string;
  /**
   * How far off the line `state` is, where there is a line: 0 on it, 1 where one is as far off as one
   * may be, as at the road's edge.
   */
  deviation?(state: Float64Array): number;
}

/** A reward that is dealt to a person, so that what is recovered can be compared with it. */
export interface Taste {
  /** As one would be told it. */
  readonly words: string;
  /** [k], one for each of the lattice's features; nats a visit. */
  readonly weights: readonly number[];
}

export type Key = "up" | "down" | "left" | "right" | "space";

/** The one number that says how well an episode went. */
export interface Measure {
  /** What is counted, as in "falls". */
  readonly name: string;
  /** As in "falls a drive"; the mean over episodes is shown with it. */
  readonly unit: string;
  readonly better: "fewer" | "more";
  /** How many there are, a percentage of episodes, or a length in the world's units. */
  readonly format: "count" | "share" | "distance";
  /** The measure of one episode: states are [T + 1][stateSize], outcomes [T], T is `length`. */
  of(episode: {
    readonly states: Float64Array;
    readonly outcomes: Uint8Array;
    readonly length: number;
  }): number;
}

/** Where to draw the agent. Radians, anticlockwise from the x axis; null where it has no heading. */
export interface Pose {
  readonly x: number;
  readonly y: number;
  readonly heading: number | null;
}

/** What there is to see, in the world's own units, y upward. */
export interface Stage {
  readonly bounds: {
    readonly left: number;
    readonly right: number;
    readonly bottom: number;
    readonly top: number;
  };
  /** Size of the agent's body. */
  readonly agent: number;
  /** What it looks like: "car" turns with its heading, "walker" does not. */
  readonly body: "car" | "walker";
  readonly shapes: readonly Shape[];
}

export type Shape =
  | {
      readonly kind: "ribbon";
      readonly points: readonly (readonly [number, number])[];
      readonly closed: boolean;
      readonly halfWidth: number;
    }
  | {
      readonly kind: "tile";
      readonly x: number;
      readonly y: number;
      readonly size: number;
      readonly terrain: Terrain;
    };

export type Terrain = "lawn" | "flowers" | "mud" | "puddle" | "gravel" | "wall" | "home";

/**
 * The world as finitely many cells, which is what inverse reinforcement learning solves. A world
 * that is a grid already has one state in each cell; a continuous one has many, and what an action
 * leads to is estimated by stepping a sample of them.
 */
export interface Lattice {
  readonly nStates: number;
  readonly nActions: number;
  readonly nFeatures: number;
  /** One word or two for each reward feature. */
  readonly featureNames: readonly string[];
  /** World steps for which one lattice action is held. */
  readonly hold: number;
  /** States sampled in each cell to estimate where its actions lead. 1 where a cell is a state. */
  readonly samples: number;
  readonly discount: number;
  /** Decisions in an episode, or Infinity to solve for the stationary policy. */
  readonly horizon: number;
  /**
   * What lattice action `a` may lead to from `cell`, exactly, and whether the episode ends there; its
   * probabilities sum to one. Where it is left out, this is estimated from the samples.
   */
  outcomes?(
    cell: number,
    a: number,
  ): readonly { readonly next: number; readonly probability: number; readonly ends: boolean }[];
  /** Writes a state within `cell`. */
  stateIn(cell: number, random: Random, state: Float64Array): void;
  /** The cell that holds `state`, or -1 where there is none. */
  cellOf(state: Float64Array): number;
  /** Writes the world's action for lattice action `a`. */
  action(a: number, action: Float64Array): void;
  /** The lattice action nearest to the mean of `actions`, [hold][width] flat. */
  nearestAction(actions: Float64Array): number;
  /**
   * Writes the reward features of `cell`, each of them bounded by 1. They are all zero in the plain
   * case, such as on the lawn: the reward of anything else is measured against that.
   */
  features(cell: number, features: Float64Array): void;
  /** The squares of the map: where each is drawn, and the cell whose reward it shows. */
  readonly tiles: readonly {
    readonly x: number;
    readonly y: number;
    readonly size: number;
    readonly cell: number;
  }[];
}
