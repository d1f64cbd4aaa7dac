import type { Trajectory } from "../worlds/episode.ts";
import type { Level, Tabular } from "../worlds/level.ts";
import { placeOnMap } from "../worlds/picture.ts";
import { certaintyOf } from "./certainty.ts";
import { featureMatching } from "./featureMatching.ts";
import { evidenceOf, linearReward } from "./features.ts";
import { type LatticeDemonstration, latticeDemonstration, modelOf } from "./lattice.ts";
import { type MaxEntOptions, maxEntOf } from "./maxent.ts";
import { bestActionShare, expectedValueDifference, heldOutLikelihood } from "./scores.ts";

/** The reward inferred from a person's demonstrations in a world. Plain JSON. */
export interface InferredReward {
  /** [k], one for each of the lattice's features, nats a visit; the posterior's mode. */
  readonly weights: readonly number[];
  /** [k][k], of the weights. */
  readonly covariance: readonly number[];
  /** Standard deviation of the prior, which is independent for each weight; 1 where it is left out. */
  readonly deviation?: number | undefined;
  /** Unit vectors [k]: directions of the weights that the demonstrations do not determine. */
  readonly undetermined: readonly (readonly number[])[];
  /** [k], of length 1: the weights by feature matching, from the same demonstrations. */
  readonly matched: readonly number[];
  /** How many states of the demonstrations fell on each of the lattice's tiles. */
  readonly visits: readonly number[];
  /** Share of the person's actions that are the best ones for the recovered reward, in [0, 1]. */
  readonly agreement: number;
  readonly gradientNorm: number;
  readonly iterations: number;
  /** Demonstrations that were used. */
  readonly demonstrations: number;
  /** Steps of them that the model cannot produce, and that were left out. */
  readonly impossible: number;
}

/** No trajectory takes a step on the world's lattice, so that nothing can be inferred. */
export class NoStep extends RangeError {
  constructor({ name }: Tabular) {
    super(`no demonstration takes a step on the lattice of ${name}`);
  }
}

/**
 * Standard deviation of the prior of each weight, nats a visit. Where tastes are dealt they have weights
 * down to −4, which a prior of 1 would hold to be next to impossible.
 */
const deviationIn = ({ tastes }: Pick<Level, "tastes">) => (tastes ? 3 : 1);

/** Share of the work that the world's model is, where nobody asked for it before. */
const shareOfModel = 0.5;
/** Shares of the rest that are done after maximum entropy, and after the intervals; last comes feature matching. */
const shareAfterMaxEnt = 0.55;
const shareAfterCertainty = 0.65;
/** Most policies that feature matching tries over an infinite horizon, where each takes long. */
const mostMatchingIterations = 10;

/**
 * Maximum causal entropy inverse reinforcement learning on trajectories in a world, with a normal
 * prior on each weight.
 *
 * Outcomes are read as "expected", because a lattice is an approximation: the expert knows the state
 * within its cell and the model does not, so that outcomes seem luckier than chance. Read as "observed",
 * that luck would make the weights grow with each demonstration.
 *
 * @param progress told the share done, in [0, 1]
 * @throws NoStep
 */
export function inferFrom(
  world: Tabular & Pick<Level, "picture" | "tastes">,
  trajectories: readonly Trajectory[],
  progress: (share: number) => void = () => {},
): InferredReward {
  let before = 0;
  const { mdp, features } = modelOf(world, (share) => {
    before = shareOfModel;
    progress(shareOfModel * share);
  });
  const report = (share: number) => progress(before + (1 - before) * share);
  const shown = shownIn(world, trajectories);
  if (shown.length === 0) throw new NoStep(world);
  const demonstrations = shown.length;
  const deviation = deviationIn(world);
  const l2 = 1 / (deviation ** 2 * demonstrations);
  const evidence = evidenceOf(mdp, features, world.lattice.nFeatures, shown, optionsIn(world));
  const { weights, reward, policy, gradientNorm, iterations } = maxEntOf(
    mdp,
    features,
    evidence,
    { l2 },
    (share) => report(shareAfterMaxEnt * share),
  );
  const prior = { demonstrations, l2 };
  const certainty = certaintyOf(mdp, features, evidence, weights, prior, policy);
  report(shareAfterCertainty);
  const matched = featureMatching(mdp, features, shown, {
    maxIterations: Number.isFinite(mdp.horizon) ? 200 : mostMatchingIterations,
  });
  report(1);
  return {
    weights: [...weights],
    covariance: [...certainty.covariance],
    deviation,
    undetermined: certainty.undetermined.map((direction) => [...direction]),
    matched: [...matched.weights],
    visits: tileVisits(world, trajectories),
    agreement: bestActionShare(mdp, reward, shown),
    gradientNorm,
    iterations,
    demonstrations,
    impossible: shown.reduce((sum, { impossible }) => sum + impossible, 0),
  };
}

/** The trajectories that take a step on the world's lattice, as demonstrations. */
function shownIn(world: Tabular, trajectories: readonly Trajectory[]): LatticeDemonstration[] {
  return trajectories
    .map((trajectory) => latticeDemonstration(world, trajectory))
    .filter(({ actions }) => actions.length > 0);
}

/** The options with which {@link inferFrom} and {@link scoresOf} read a world's demonstrations. */
const optionsIn = (world: Tabular & Pick<Level, "tastes">): MaxEntOptions => ({
  deviation: deviationIn(world),
  outcomes: "expected",
  evenly: !Number.isFinite(world.lattice.horizon),
});

/** How good a recovered reward is. */
export interface RewardScores {
  /**
   * Geometric mean probability of an action in a demonstration that the reward was not inferred from,
   * and what it would be by chance; null where there is only one demonstration.
   */
  readonly heldOut: { readonly probability: number; readonly chance: number } | null;
  /** Expected value difference under the reward that was dealt, in its unit; null where none was. */
  readonly valueLost: number | null;
}

/**
 * Scores the reward that {@link inferFrom} infers from the same trajectories.
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
  const likelihood =
    shown.length > 1 ? heldOutLikelihood(mdp, features, shown, optionsIn(world)) : null;
  return {
    heldOut: likelihood && {
      probability: Math.exp(likelihood.perStep),
      chance: Math.exp(likelihood.chance),
    },
    valueLost: dealt && expectedValueDifference(mdp, worth(dealt), worth(weights)),
  };
}

/**
 * How many states of the trajectories, the first and the last included, fall on each tile of the
 * lattice: on the tile whose middle is nearest, if the state is within its square.
 */
export function tileVisits(
  world: Tabular & Pick<Level, "picture">,
  trajectories: readonly Trajectory[],
): number[] {
  const { tiles } = world.lattice;
  const visits = tiles.map(() => 0);
  for (const { states, length } of trajectories) {
    for (let t = 0; t <= length; t++) {
      const state = states.subarray(t * world.stateSize, (t + 1) * world.stateSize);
      const { x, y } = placeOnMap(world.picture.pose(state));
      let nearest = -1;
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < tiles.length; i++) {
        const dx = Math.abs(x - tiles[i]!.x);
        const dy = Math.abs(y - tiles[i]!.y);
        if (Math.max(dx, dy) > tiles[i]!.size / 2) continue;
        const square = dx * dx + dy * dy;
        if (square < least) [nearest, least] = [i, square];
      }
      if (nearest >= 0) visits[nearest]!++;
    }
  }
  return visits;
}
