import { power } from "../arithmetic.ts";
import { every } from "./every.ts";
import type { Query } from "./query.ts";

/**
 * The mixture policy of Ross, Gordon and Bagnell (2011, Algorithm 3.1): in the rollouts of round i
 * the expert drives each step with probability βᵢ, the learner otherwise, and every visited state is
 * asked about. βᵢ = pⁱ⁻¹, so the first rollouts are the expert's own.
 * @param decay p in [0, 1]; 0 is the paper's choice in practice, β₁ = 1 and βᵢ = 0 after
 */
export function betaMixtureWith(decay: number): Query {
  return {
    name: "betaMixture",
    title: "every state, the expert at the wheel at first",
    needs: "at the wheel",
    isRanked: every.isRanked,
    gate(round, random) {
      const beta = power(decay, round - 1);
      return () => random.uniform() < beta;
    },
    choose: every.choose,
  };
}

export const betaMixture: Query = betaMixtureWith(0);
