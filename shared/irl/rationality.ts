import { intervalOf } from "./certainty.ts";
import { type Demonstration, type EvidenceOptions, evidenceOf } from "./features.ts";
import { dual } from "./maxent.ts";
import type { Mdp } from "./mdp.ts";

/**
 * How closely somebody follows a reward r that is known: the β of the soft policy for β · r that makes
 * their actions likeliest (Luce 1959; in inverse reinforcement learning, Ramachandran and Amir 2007). 0
 * is walking at random, below 0 is going against the reward.
 */
export interface Rationality {
  /** Infinity where no action was a mistake, and −Infinity where all were. */
  readonly value: number;
  /**
   * Holds β with 90 %: all β whose likelihood is within a factor of exp(−z² / 2) of the greatest (Wilks 1938).
   * An end is infinite where no β is too far out. Unlike a Laplace interval it says something of people who
   * make no mistake: that β is at least so much.
   */
  readonly interval: readonly [number, number];
}

/** Beyond it a soft policy for a reward of a few nats a visit acts as the best one does. */
const most = 64;
/** Nats by which likelihoods that are equal may differ. */
const rounding = 1e-6;
/** Halvings of the range of β, which leave it less than 1e-6 wide. */
const halvings = 28;

/**
 * The rationality of whoever gave these demonstrations, if this reward is what they were after.
 *
 * @param reward [s], nats a visit at a β of 1
 * @param options as for `evidenceOf`; outcomes are read as expected where it is left out
 * @returns null where nothing that was done depends on β
 * @throws RangeError as `evidenceOf` does
 */
export function rationalityOf(
  mdp: Mdp,
  reward: Float64Array,
  demonstrations: readonly Demonstration[],
  options: EvidenceOptions = {},
): Rationality | null {
  // With the reward as the one feature, its weight is β.
  const reading: EvidenceOptions = { outcomes: "expected", ...options };
  const evidence = evidenceOf(mdp, reward, 1, demonstrations, reading);
  const { evaluate } = dual(mdp, reward, evidence, 0);
  const slope = new Float64Array(1);
  const loss = (beta: number) => demonstrations.length * evaluate(Float64Array.of(beta), slope);
  const isFalling = (beta: number) => {
    loss(beta);
    return slope[0]! < 0;
  };

  const best = root(isFalling, -most, most);
  const least = loss(best);
  const z = intervalOf(0, 1)[1];
  const isHeld = (beta: number) => loss(beta) <= least + (z * z) / 2;
  const low = isHeld(-most) ? Number.NEGATIVE_INFINITY : root((b) => !isHeld(b), -most, best);
  const high = isHeld(most) ? Number.POSITIVE_INFINITY : root(isHeld, best, most);
  if (low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY) return null;
  const isAsLikely = (beta: number) => loss(beta) <= least + rounding;
  const value = isAsLikely(most)
    ? Number.POSITIVE_INFINITY
    : isAsLikely(-most)
      ? Number.NEGATIVE_INFINITY
      : best;
  return { value, interval: [low, high] };
}

/** Where `holds`, which does at `from` and does not at `to`, ceases to. */
function root(holds: (x: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
