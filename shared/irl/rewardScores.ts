import type { Trajectory } from "../worlds/episode.ts";
import type { Level, Tabular } from "../worlds/level.ts";
import { linearReward } from "./features.ts";
import { type LatticeDemonstration, modelOf } from "./lattice.ts";
import { type Rationality, rationalityOf } from "./rationality.ts";
import { optionsIn, shownIn } from "./reward.ts";
import { heldOutLikelihood, type Likelihood } from "./scores.ts";
import { valueLostBy } from "./taste.ts";

/** What can be said of demonstrations, and of the reward recovered from them, where the reward behind them was dealt. */
export interface TasteScores {
  /** {@link valueLostBy} acting on it, under the dealt reward, in its unit. It does not depend on the recovered one's scale. */
  readonly valueLost: number;
  /** How closely the demonstrations follow the dealt reward; null where they do not tell. */
  readonly rationality: Rationality | null;
}

/** Geometric mean probability of an action in a demonstration that nothing was inferred from. */
export interface HeldOut {
  /** By the reward that is inferred from the others. */
  readonly recovered: number;
  /** By the task's own feature, the weight of which is inferred from the others; null where there is none. */
  readonly task: number | null;
  /** By a reward of 0, where all actions are equally likely: an episode that has ended stays where it ended. */
  readonly chance: number;
}

/** How good a recovered reward is. */
export interface RewardScores {
  /** Null where there is only one demonstration. */
  readonly heldOut: HeldOut | null;
  /** Against the reward that was dealt; null where none was. */
  readonly taste: TasteScores | null;
}

/**
 * Scores the reward that `inferFrom` infers from the same trajectories.
 * @param weights [k], recovered
 * @param dealt [k], of the taste that the person was dealt, or null
 */
export function scoresOf(
  world: Tabular & Pick<Level, "tastes">,
  trajectories: readonly Trajectory[],
  weights: ArrayLike<number>,
  dealt: ArrayLike<number> | null,
): RewardScores {
  const { mdp, features } = modelOf(world);
  const shown = shownIn(world, trajectories);
  const worth = (of: ArrayLike<number>) => linearReward(features, Float64Array.from(of));
  return {
    heldOut: shown.length > 1 ? heldOutOf(world, shown) : null,
    taste: dealt && {
      valueLost: valueLostBy(world, dealt, weights),
      rationality: rationalityOf(mdp, worth(dealt), shown, optionsIn(world)),
    },
  };
}

/** @param shown two demonstrations or more */
export function heldOutOf(
  world: Tabular & Pick<Level, "tastes">,
  shown: readonly LatticeDemonstration[],
): HeldOut {
  const { mdp, features } = modelOf(world);
  const { task, nFeatures } = world.lattice;
  const options = optionsIn(world);
  const byTask = features.filter((_, i) => i % nFeatures === task);
  const probability = ({ perStep }: Likelihood) => Math.exp(perStep);
  const recovered = heldOutLikelihood(mdp, features, shown, options);
  return {
    recovered: probability(recovered),
    task: task === undefined ? null : probability(heldOutLikelihood(mdp, byTask, shown, options)),
    chance: Math.exp(recovered.chance),
  };
}
