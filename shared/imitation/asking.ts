import type { Policy } from "../policies/policy.ts";
import { width } from "../spaces.ts";
import type { Episode, Trajectory } from "../worlds/episode.ts";
import { Outcome, type World } from "../worlds/world.ts";
import { type Driver, driverOf, rolloutInTurns } from "./rollout.ts";
import { quantile } from "./statistics.ts";
import { novelty } from "./thrifty.ts";

/**
 * A learner that asks a person for the wheel (ThriftyDAgger: Hoque, Balakrishna, Novoseller, Wilcox, Brown and Goldberg 2021).
 * Two things differ from the paper. Danger is not learned from a reward but looked ahead for, in the world's own dynamics;
 * and the wheel goes back where the place is calm again, not where person and learner agree on an action: hands at keys
 * go from one end of the wheel to the other, and agree with nobody from one step to the next.
 */

/** Why it asks: the place is new to it, or it would soon crash. */
export const causes = ["unfamiliar", "danger"] as const;
export type Cause = (typeof causes)[number];

/** How a place looks to the learner, by what it may ask for; more is worse. */
export type Levels = Readonly<Record<Cause, number>>;

/** @param ahead steps for which it looks ahead */
export function levelsOf(
  world: World,
  policy: Policy,
  ahead: number,
): (state: Float64Array) => Levels {
  const unfamiliar = novelty(world, policy);
  const danger = crashAhead(world, policy, ahead);
  return (state) => ({ unfamiliar: unfamiliar(state), danger: danger(state) });
}

/**
 * How soon the learner would crash, driving on by itself in still air: 1 at the next step, 1 / `ahead` at the last that is
 * looked at, 0 where it would not.
 */
export function crashAhead(
  world: World,
  policy: Policy,
  ahead: number,
): (state: Float64Array) => number {
  const driver = driverOf(world, policy);
  const action = new Float64Array(width(world.action));
  const next = new Float64Array(world.stateSize);
  return (state) => {
    next.set(state);
    for (let t = 0; t < ahead; t++) {
      driver(next, action);
      const outcome = world.step(next, action, null, next);
      if (outcome === Outcome.fell) return 1 - t / ahead;
      if (outcome === Outcome.done) break;
    }
    return 0;
  };
}

/** What the learner's own drives come to, step by step. */
export function levelsAlong(
  world: World,
  drives: readonly Trajectory[],
  levels: (state: Float64Array) => Levels,
): Levels[] {
  const size = world.stateSize;
  return drives.flatMap(({ states, length }) =>
    Array.from({ length }, (_, t) => levels(states.subarray(t * size, (t + 1) * size))),
  );
}

/** When the learner asks, and when it drives again. */
export interface Thresholds {
  /** It asks where one is above this. */
  readonly ask: Levels;
  /** The place is calm where none is above this: half of the places that it drove through are, of each. */
  readonly calm: Levels;
}

/**
 * Thresholds from a target rate: above them is so large a share of the places that the learner drove through by itself, for
 * one cause or the other, and no larger. Both causes have the same share for themselves. Where places are alike, which no
 * threshold can tell apart, the share is smaller; where all are, it never asks.
 * @param rate the share, in [0, 1]
 * @param driven see {@link levelsAlong}; at least one
 */
export function thresholdsAt(rate: number, driven: readonly Levels[]): Thresholds {
  const n = driven.length;
  const of = (cause: Cause) => Float64Array.from(driven, (levels) => levels[cause]).sort();
  const sorted = { unfamiliar: of("unfamiliar"), danger: of("danger") };
  /** Of each cause the `most` worst places are above it, where no two are alike. */
  const above = (most: number): Levels => ({
    unfamiliar: most === n ? Number.NEGATIVE_INFINITY : sorted.unfamiliar[n - 1 - most]!,
    danger: most === n ? Number.NEGATIVE_INFINITY : sorted.danger[n - 1 - most]!,
  });
  const budget = Math.floor(rate * n + 1e-9);
  let [low, high] = [0, n];
  while (low < high) {
    const most = Math.ceil((low + high) / 2);
    if (askedIn(driven, above(most)) <= budget) low = most;
    else high = most - 1;
  }
  const ask = above(low);
  const calm = (cause: Cause) => Math.min(ask[cause], quantile(sorted[cause], 0.5));
  return { ask, calm: { unfamiliar: calm("unfamiliar"), danger: calm("danger") } };
}

function askedIn(driven: readonly Levels[], ask: Levels): number {
  return driven.filter((levels) => causeAt(levels, ask) !== null).length;
}

/** Why the learner asks in such a place, the worse cause first; null where it does not. */
export function causeAt(levels: Levels, ask: Levels): Cause | null {
  if (levels.danger > ask.danger) return "danger";
  return levels.unfamiliar > ask.unfamiliar ? "unfamiliar" : null;
}

/** Steps of the person's in one drive, and in one turn of theirs. */
export interface TurnLimits {
  /** After so many in all the learner asks for no more. */
  readonly budget: number;
  /** A turn has so many at least, so that there is something to learn from it. */
  readonly least: number;
  /** The place has to be calm for so many in a row. */
  readonly calm: number;
}

/** Where the wheel is before a step. */
export type Turn =
  /** `given` after the last step of a turn: it is "over", as the place is calm again, or the budget is "spent". */
  | { readonly has: "learner"; readonly given: "over" | "spent" | null }
  /** `asked` is null but in the first step of a turn. */
  | { readonly has: "person"; readonly asked: Cause | null };

/** Says before each step of one drive who has the wheel. */
export class Turns {
  readonly #thresholds: Thresholds;
  readonly #limits: TurnLimits;
  #left: number;
  /** Steps of the turn under way; null while the learner drives. */
  #turn: number | null = null;
  /** Steps for which it has been calm. */
  #calm = 0;

  constructor(thresholds: Thresholds, limits: TurnLimits) {
    this.#thresholds = thresholds;
    this.#limits = limits;
    this.#left = limits.budget;
  }

  /** Steps that the learner may still ask for. */
  get left(): number {
    return this.#left;
  }

  /** @param levels of the place that the next step is taken from */
  next(levels: Levels): Turn {
    if (this.#turn === null) {
      const asked = this.#left > 0 ? causeAt(levels, this.#thresholds.ask) : null;
      if (asked === null) return { has: "learner", given: null };
      this.#turn = this.#calm = 0;
      return this.#person(asked);
    }
    this.#calm = causeAt(levels, this.#thresholds.calm) === null ? this.#calm + 1 : 0;
    const { least, calm } = this.#limits;
    if (this.#left === 0) return this.#give("spent");
    if (this.#turn >= least && this.#calm >= calm) return this.#give("over");
    return this.#person(null);
  }

  #person(asked: Cause | null): Turn {
    this.#turn!++;
    this.#left--;
    return { has: "person", asked };
  }

  #give(given: "over" | "spent"): Turn {
    this.#turn = null;
    return { has: "learner", given };
  }
}

/** What decides about the wheel in one drive. */
export interface AskingGate {
  levels(state: Float64Array): Levels;
  readonly turns: Turns;
}

/**
 * One episode of a learner that asks, and whom an expert never refuses, with the steps at which it asked.
 * @param look see {@link rolloutInTurns}
 */
export function rolloutAsking(
  world: World,
  policy: Policy,
  look: () => Driver,
  { levels, turns }: AskingGate,
  seed: number,
): { episode: Episode; asked: (readonly [t: number, cause: Cause])[] } {
  const asked: (readonly [t: number, cause: Cause])[] = [];
  const isTheirs = (state: Float64Array, t: number) => {
    const turn = turns.next(levels(state));
    if (turn.has === "learner") return false;
    if (turn.asked) asked.push([t, turn.asked]);
    return true;
  };
  return { episode: rolloutInTurns(world, policy, look, isTheirs, seed), asked };
}
