import type { Familiarity } from "../policies/policy.ts";
import type { Random } from "../random.ts";

/** The states that were visited in a round's rollouts, as a query strategy sees them. */
export interface VisitedStates {
  readonly n: number;
  readonly observationSize: number;
  /** [n][observationSize] */
  readonly observations: Float64Array;
  /** [n]: 1 where the expert was at the wheel, 0 where the learner was */
  readonly expertDrove: Uint8Array;
  readonly familiarity: Familiarity;
}

/** One step of a rollout before it is taken, as whoever holds the gate sees it. */
export interface GateState {
  /** Steps taken in this rollout. */
  readonly t: number;
  /** Where it is; a view. [stateSize] */
  readonly state: Float64Array;
  /** Whether the expert drove the step before; false at the first. */
  readonly expertDrives: boolean;
  /** How far the learner's action is from the expert's: 0 where they agree, 1 at most. */
  readonly disagreement: number;
  /** How far off the line the learner is, 1 where it can be no farther; 0 in a world that has no line. */
  readonly deviation: number;
}

/** Whether the expert, and not the learner, drives the step that `moment` comes before. */
export type Gate = (moment: GateState) => boolean;

/** Which states to ask the expert about and, where that is part of the method, who drives meanwhile. */
export interface Query {
  readonly name: string;
  readonly title: string;
  /**
   * What it takes of the expert: "answers", given when the rollouts are over, or to be "at the
   * wheel" while they last, which only a strategy with a {@link gate} needs.
   */
  readonly needs: "answers" | "at the wheel";
  /**
   * Who drives: a gate for one rollout of round `round`, which is 1 for the first rollouts.
   * Without it the learner drives throughout.
   */
  gate?(round: number, random: Random): Gate;
  /**
   * Whether the order of `choose` is one of preference, and not of time. A lesson lets such a strategy
   * choose more than a person means to answer: the further states are for those who want to go on.
   */
  readonly isRanked: boolean;
  /** Indices of the states to ask about, at most `budget` of them, in the order of asking. */
  choose(visited: VisitedStates, budget: number, random: Random): number[];
}

/** Indices of the states that are not like one before them: the same question is asked once. */
export function distinct({
  n,
  observationSize,
  observations,
}: Pick<VisitedStates, "n" | "observationSize" | "observations">): number[] {
  const first = new Map<string, number>();
  for (let i = 0; i < n; i++) {
    const row = observations.subarray(i * observationSize, (i + 1) * observationSize);
    const key = row.join();
    if (!first.has(key)) first.set(key, i);
  }
  return [...first.values()];
}
