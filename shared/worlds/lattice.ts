import type { Random } from "../random.ts";

/**
 * The tabular model of a world: finitely many cells, which is what inverse reinforcement learning
 * solves. A world that is a grid already has one state in each cell; a continuous one has many, and
 * what an action leads to is estimated by stepping a sample of them.
 */
export interface Lattice {
  /** Solved fastest where cells are numbered in about the order in which they are visited. */
  readonly nStates: number;
  readonly nActions: number;
  readonly nFeatures: number;
  /** One word or two for each reward feature. */
  readonly featureNames: readonly string[];
  /** Which feature the task itself is about: who cares for this one alone has no taste. Left out where there is none. */
  readonly task?: number;
  /** World steps for which one lattice action is held, unless the episode ends before or there is a fall. */
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
  /**
   * The cell of a state that a fall has just led to. Where falls have no cells of their own it is left
   * out, and a state is what it is however one came there.
   */
  fallen?(state: Float64Array): number;
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
