import type { Trajectory } from "./episode.ts";
import { Outcome, type World } from "./world.ts";

/** The one number that says how well an episode went, and how it is told. */
export interface Measure {
  /** What is counted, as in "falls". */
  readonly name: string;
  /** As in "crashes a drive"; the mean over episodes is shown with it. */
  readonly unit: string;
  readonly better: "fewer" | "more";
  /** How numbers are written: how many there are, a percentage of episodes, or a length in the world's units. */
  readonly scale: "count" | "share" | "length";
  /** The word or two after a mean: "0.4 crashes", "0.12 off". */
  readonly after: string;
  /** The measure of one episode: states are [T + 1][stateSize], outcomes [T], T is `length`. */
  of(episode: Pick<Trajectory, "states" | "outcomes" | "length">): number;
  /** The measure of one episode in words: "2 crashes", "not home", "0.12 off". */
  say(value: number): string;
  /**
   * The score of one episode that was not broken off, to be beaten; null where it is not worth one.
   * @param regret what it cost more than need be, under a taste; null without one
   */
  score(episode: Trajectory, regret: number | null): Score | null;
}

/** How well an episode went, to be beaten. */
export interface Score {
  /** Of two, that one is better whose first number that differs is less. */
  readonly ranks: readonly number[];
  readonly words: string;
}

/** What an episode cost more than need be under a taste, or episodes did on average: written the same everywhere. */
export function formatCost(cost: number): string {
  return cost.toFixed(1);
}

/** The same in words. */
export function sayCost(cost: number): string {
  const words = formatCost(cost);
  return Number(words) === 0 ? "at the lowest cost" : `${words} above the lowest cost`;
}

/**
 * An episode's score. One that was broken off has none.
 * @param regret what it cost more than need be, under a taste; null without one
 */
export function scoreOf(
  { horizon, measure }: World & { readonly measure: Measure },
  episode: Trajectory,
  regret: number | null,
): Score | null {
  const { length, outcomes } = episode;
  if (length < horizon && outcomes.at(-1) !== Outcome.done) return null;
  return measure.score(episode, regret);
}

/** Whether `score` beats the best so far. */
export function isBetter(score: Score, best: Score | null): boolean {
  if (best === null) return true;
  const i = score.ranks.findIndex((rank, i) => rank !== best.ranks[i]);
  return i >= 0 && score.ranks[i]! < (best.ranks[i] ?? Number.POSITIVE_INFINITY);
}
