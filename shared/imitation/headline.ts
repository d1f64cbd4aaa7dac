import type { Policy } from "../policies/policy.ts";
import type { Measured } from "../worlds/level.ts";
import { type Enduring, enduranceOf, toldLaps } from "./endurance.ts";
import { measure } from "./evaluation.ts";
import { driverOf } from "./rollout.ts";
import { mean, median } from "./statistics.ts";

/** The one number that is told first of a policy, and by which the best is chosen. */
export interface Headline {
  /** What there is so many of, as in "laps before the first fall". */
  readonly unit: string;
  readonly better: "fewer" | "more";
  /** What came of one drive of `policy` from each of the starts that `seeds` give. */
  from(policy: Policy, seeds: readonly number[]): readonly number[];
  /** The number that is told of all starts; two policies of which the same is told are as good. */
  of(values: readonly number[]): number;
}

/** How far it gets before its first fall where one can fall and go round, else the world's measure. */
export function headlineIn(world: Measured & Enduring): Headline {
  const { canFall, laps, measure: how } = world;
  if (canFall && laps) {
    return {
      unit: "laps before the first fall",
      better: "more",
      from: (policy, seeds) => enduranceOf(world, () => driverOf(world, policy), seeds)!.laps,
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
