import type { Familiarity } from "../policies/policy.ts";
import type { Random } from "../random.ts";

/** The states that the learner visited, as a query strategy sees them. */
export interface Visited {
  readonly n: number;
  readonly observationSize: number;
  /** [n][observationSize] */
  readonly observations: Float64Array;
  readonly familiarity: Familiarity;
}

/** Which of the visited states to ask the expert about. */
export interface Query {
  readonly name: string;
  readonly title: string;
  /** Indices of the states to ask about, at most `budget` of them, in the order of asking. */
  choose(visited: Visited, budget: number, random: Random): number[];
}
