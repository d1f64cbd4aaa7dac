import { count } from "../../shared/plural.ts";
import type { Measure } from "../../shared/worlds/measure.ts";
import type { ArenaName, ComparedRound, Comparison } from "./duel.ts";

/** Who drives. */
export type Who = "expert" | "cloning" | "dagger";

export const names: Readonly<Record<Who, string>> = {
  expert: "the expert",
  cloning: "cloning",
  dagger: "DAgger",
};

/** What each arena's wind is, and how much of it there can be. */
export const winds: Readonly<
  Record<ArenaName, { words: string; unit: string; most: number; step: number; usual: number }>
> = {
  path: { words: "Wind, noise of each step", unit: "units", most: 0.2, step: 0.02, usual: 0.02 },
  road: { words: "Wind, strength of a gust", unit: "radians", most: 1, step: 0.1, usual: 0.5 },
};

/** A measure, or a mean of it: "0.38". */
export function digits(value: number): string {
  return value.toFixed(2);
}

/** What one drive came to: "crashes twice", "is 0.61 off the curve". */
export function driveWords(value: number, { scale }: Measure): string {
  if (scale === "length") return `is ${digits(value)} off the curve`;
  const often = ["never crashes", "crashes once", "crashes twice"];
  return often[value] ?? `crashes ${value} times`;
}

/** "After 3 rounds and 600 labels the DAgger learner is 0.61 off the curve on average, …" */
export function summary(
  { expert, rounds }: Comparison,
  { labels, cloning, dagger }: ComparedRound,
  { scale }: Measure,
): string {
  const n = rounds.findIndex((round) => round.labels === labels);
  const of = (value: number) =>
    scale === "length"
      ? `is ${digits(value)} off the curve on average`
      : `crashes ${digits(value)} times a drive`;
  if (n === 0) {
    return `After no round and ${labels} labels the two learners are one. It ${of(dagger.measure)}, the expert ${digits(expert.measure)}.`;
  }
  return `After ${count(n, "round")} and ${labels} labels the DAgger learner ${of(dagger.measure)}, cloning ${digits(cloning.measure)}, the expert ${digits(expert.measure)}.`;
}

/** How the second half of a drive's error compares with the first: 1 where it grows evenly, 3 as T². */
export function bend(error: readonly number[]): number {
  const half = error[error.length / 2 - 1]!;
  return (error.at(-1)! - half) / half;
}
