import type { Policy } from "../policies/policy.ts";
import type { Measured } from "../worlds/level.ts";
import { type Enduring, enduranceOf, toldLaps } from "./endurance.ts";
import { measure } from "./evaluation.ts";
import { driverOf } from "./rollout.ts";
import { mean, median } from "./statistics.ts";

/** The one number that is told first of a policy, and by which the best is chosen. */
export interface Headline {
  /** What there is so many of, as in "laps before the first crash". */
  readonly unit: string;
  readonly better: "fewer" | "more";
  /**
   * What came of one drive of `policy` from each of the starts that `seeds` give, in turn.
   * @param enough steps in all, after which no other start is begun, where drives may be long
   */
  from(policy: Policy, seeds: readonly number[], enough?: number): readonly number[];
  /** The number that is told of all starts; two policies of which the same is told are as good. */
  of(values: readonly number[]): number;
}

/** How far it gets before its first fall where one can fall and go round, else the world's measure. */
export function headlineIn(world: Measured & Enduring): Headline {
  const { canFall, laps, measure: how } = world;
  if (canFall && laps) {
    return {
      unit: "laps before the first crash",
      better: "more",
      from: (policy, seeds, enough) =>
        enduranceOf(world, () => driverOf(world, policy), seeds, enough)!.laps,
      of: (values) => toldLaps(median(values)),
    };
  }
  return {
    unit: how.unit,
    better: how.better,
    from: (policy, seeds) => measure(world, policy, seeds),
    of: mean,
  };
}

/**
 * Whether a policy does better than another beyond chance, by what came of drives from the same starts: more
 * is told of it, and it is better from more of the starts than worse by over a standard error, which is √n
 * for n starts from which they differ. The best of many by the median alone is soon one that had luck.
 */
export function isBetter(
  { better, of }: Headline,
  one: readonly number[],
  other: readonly number[],
): boolean {
  const sign = better === "fewer" ? -1 : 1;
  const lead = (ones: readonly number[], others: readonly number[]) =>
    Math.sign(sign * of(ones) - sign * of(others));
  if (lead(one, other) <= 0) return false;
  // What is told of one start alone: where both hold to the end, neither leads.
  const leads = one.slice(0, other.length).map((value, i) => lead([value], [other[i]!]));
  const differ = leads.filter((lead) => lead !== 0).length;
  return leads.reduce((sum, lead) => sum + lead, 0) > Math.sqrt(differ);
}

/**
 * After each policy the index of the best so far, which stays until there is a better one ({@link isBetter}).
 * @param validations what came of each policy's drives; where that is not known, it counts as the best, and the
 *   next does too
 */
export function bestSoFar(
  headline: Headline,
  validations: readonly (readonly number[] | undefined)[],
): number[] {
  let best = 0;
  return validations.map((now, i) => {
    const before = validations[best];
    if (!now || !before || isBetter(headline, now, before)) best = i;
    return best;
  });
}
