import type { Policy } from "../policies/policy.ts";
import type { Measured } from "../worlds/level.ts";
import type { RoundResult } from "./dagger.ts";
import { measure } from "./evaluation.ts";
import { mean } from "./statistics.ts";

/** The rounds of one run, the best of them and the last. */
export interface Selection {
  readonly rounds: readonly RoundResult[];
  /** Index in `rounds` of the one that did best on the validation seeds, the earliest of equals. */
  readonly best: number;
  /** Mean of the world's measure on the validation seeds, one for each round. */
  readonly validation: readonly number[];
}

/**
 * DAgger promises that one of its policies is good, not that the last is (Ross et al. 2011, Theorem
 * 3.1), so the one to return is the best on held-out seeds. They must not be the seeds that the
 * result is then reported on: the best of several is best there partly by luck.
 */
export function select(
  world: Measured,
  rounds: readonly RoundResult[],
  validationSeeds: readonly number[],
): Selection {
  const validation = rounds.map(({ policy }) => mean(measure(world, policy, validationSeeds)));
  return { rounds, best: bestOf(validation, world.measure.better), validation };
}

/** Index of the best score, the first of equals. */
export function bestOf(scores: readonly number[], better: "fewer" | "more"): number {
  const best = better === "fewer" ? Math.min(...scores) : Math.max(...scores);
  return scores.indexOf(best);
}

/** The policy to use. */
export function bestPolicy({ rounds, best }: Selection): Policy {
  return rounds[best]!.policy;
}
