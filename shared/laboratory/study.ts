import { human, scripted } from "../imitation/experts.ts";
import { policyKinds } from "../policies/index.ts";
import { betaMixtureWith } from "../queries/betaMixture.ts";
import { queries } from "../queries/index.ts";
import type { Query } from "../queries/query.ts";
import { worlds } from "../worlds/index.ts";
import type { Level } from "../worlds/level.ts";

/**
 * "dagger": DAgger, and beside it cloning with as many labels.
 * "clone": cloning alone, with more and more demonstrations.
 * "shift": how the error grows along an episode, for cloning and for DAgger with as many labels.
 */
export const commands = ["dagger", "clone", "shift"] as const;

/** The parameters of a study, as plain data; the result depends on these alone. */
export interface Study {
  readonly command: (typeof commands)[number];
  /** Key in the world registry. */
  readonly world: string;
  /** Key in the policy registry. */
  readonly policy: string;
  /** Key in the query registry. */
  readonly query: string;
  /** Policies trained one after the other, the first on the demonstrations alone. */
  readonly rounds: number;
  /** Most labels, the demonstrations' steps included; null for no limit. */
  readonly labels: number | null;
  /** Most states to ask about in a round. */
  readonly budget: number;
  /** Rollouts in a round. */
  readonly drives: number;
  /** Demonstrations before the first round. */
  readonly demos: number;
  /** Independent runs. */
  readonly seeds: number;
  /** From which the seeds of all runs are drawn. */
  readonly seed: number;
  /** Held-out episodes, on which each policy is scored. */
  readonly heldOut: number;
  /** Validation episodes, on which the best policy of a run is chosen. */
  readonly validation: number;
  /** Strength of a gust, in a world that has gusts; null for the world's own. */
  readonly gust: number | null;
  /** Steps in an episode; null for the world's own number. */
  readonly horizon: number | null;
  /** p of the β-mixture's βᵢ = pⁱ⁻¹. */
  readonly decay: number;
  /** How the expert errs: see `NoiseModel`. */
  readonly noise: number;
  readonly lag: number;
  readonly inconsistency: number;
  readonly temperature: number;
}

export function worldOf({ world, gust, horizon }: Study): Level {
  const found = worlds[world]!;
  const made = gust === null ? found : found.inGusts!(gust);
  if (horizon === null) return made;
  const { demonstratedIn: place } = made;
  return { ...made, horizon, ...(place && { demonstratedIn: { ...place, horizon } }) };
}

export function queryOf({ query, decay }: Study): Query {
  return query === "betaMixture" ? betaMixtureWith(decay) : queries[query]!;
}

export function kindOf({ policy }: Study) {
  return policyKinds[policy]!;
}

export function expertOf(study: Study) {
  const isScript =
    study.noise === 0 && study.lag === 0 && study.inconsistency === 0 && study.temperature === 0;
  return isScript ? scripted(worldOf(study)) : human(worldOf(study), study);
}
