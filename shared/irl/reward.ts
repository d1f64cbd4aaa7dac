import type { Trajectory } from "../worlds/episode.ts";
import type { Level, Tabular } from "../worlds/level.ts";
import { placeOnMap } from "../worlds/picture.ts";
import { type Certainty, certaintyOf } from "./certainty.ts";
import { clusteredCovariance } from "./clustered.ts";
import { featureMatching } from "./featureMatching.ts";
import { evidenceOf, linearReward } from "./features.ts";
import { type LatticeDemonstration, latticeDemonstration, modelOf } from "./lattice.ts";
import { type MaxEnt, type MaxEntOptions, maxEntOf } from "./maxent.ts";
import { bestActionShare } from "./scores.ts";
import { maxEntOver } from "./severalWorlds.ts";

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
  /** Demonstrations that were used, wherever they were given. */
  readonly demonstrations: number;
  /** Steps of them that the model cannot produce, and that were left out. */
  readonly impossible: number;
}

/** A world that weights are inferred in. */
type Place = Tabular & Pick<Level, "picture" | "tastes">;

/** What the same person showed in another world, after the same reward. */
export interface ShownElsewhere {
  readonly world: Place;
  readonly trajectories: readonly Trajectory[];
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
 * What was shown elsewhere joins the weights and their certainty. Feature matching, the visits and the agreement are of
 * this world alone.
 *
 * @param progress told the share done, in [0, 1]
 * @param elsewhere in worlds whose features are the same as this one's
 * @throws NoStep where nothing takes a step in this world
 * @throws RangeError where features are not the same
 */
export function inferFrom(
  world: Place,
  trajectories: readonly Trajectory[],
  progress: (share: number) => void = () => {},
  elsewhere: readonly ShownElsewhere[] = [],
): InferredReward {
  let before = 0;
  modelOf(world, (share) => {
    before = shareOfModel;
    progress(shareOfModel * share);
  });
  const report = (share: number) => progress(before + (1 - before) * share);
  const shown = shownIn(world, trajectories);
  if (shown.length === 0) throw new NoStep(world);
  const { mdp, features } = modelOf(world);
  const others = othersFor(world, elsewhere);
  const { certainty, ...mode } =
    others.length === 0
      ? posteriorFrom(world, shown, (share) => report(shareAfterCertainty * share))
      : maxEntOver(
          [{ model: { mdp, features }, demonstrations: shown }, ...others],
          deviationIn(world),
        );
  const used = [...shown, ...others.flatMap(({ demonstrations }) => demonstrations)];
  const matched = featureMatching(mdp, features, shown, {
    maxIterations: Number.isFinite(mdp.horizon) ? 200 : mostMatchingIterations,
  });
  report(1);
  return {
    weights: [...mode.weights],
    covariance: [...certainty.covariance],
    deviation: deviationIn(world),
    undetermined: certainty.undetermined.map((direction) => [...direction]),
    matched: [...matched.weights],
    visits: tileVisits(world, trajectories),
    agreement: bestActionShare(mdp, linearReward(features, mode.weights), shown),
    gradientNorm: mode.gradientNorm,
    iterations: mode.iterations,
    demonstrations: used.length,
    impossible: used.reduce((sum, { impossible }) => sum + impossible, 0),
  };
}

/** What was shown elsewhere, where it takes a step there. */
function othersFor({ name, lattice }: Place, elsewhere: readonly ShownElsewhere[]) {
  return elsewhere.flatMap(({ world, trajectories }) => {
    const { featureNames } = world.lattice;
    if (featureNames.join() !== lattice.featureNames.join())
      throw new RangeError(`${world.name} has other features than ${name}`);
    const demonstrations = shownIn(world, trajectories);
    return demonstrations.length > 0 ? [{ model: modelOf(world), demonstrations }] : [];
  });
}

/** The mode of the weights' posterior, and what is certain around it. */
export interface Posterior extends MaxEnt {
  readonly certainty: Certainty;
}

/**
 * The posterior of the weights that {@link inferFrom} tells.
 * @param shown each takes a step; there is at least one
 */
export function posteriorFrom(
  world: Tabular & Pick<Level, "tastes">,
  shown: readonly LatticeDemonstration[],
  progress: (share: number) => void = () => {},
): Posterior {
  const { mdp, features } = modelOf(world);
  const demonstrations = shown.length;
  const l2 = 1 / (deviationIn(world) ** 2 * demonstrations);
  const evidence = evidenceOf(mdp, features, world.lattice.nFeatures, shown, optionsIn(world));
  const mode = maxEntOf(mdp, features, evidence, { l2 }, (share) =>
    progress((shareAfterMaxEnt / shareAfterCertainty) * share),
  );
  const prior = { demonstrations, l2 };
  const { weights, policy, known } = mode;
  const certainty = certaintyOf(mdp, features, evidence, weights, prior, policy, known);
  progress(1);
  return { ...mode, certainty };
}

/**
 * The covariance of the weights where the steps of a demonstration may depend on each other.
 * @param posterior what {@link posteriorFrom} tells of the same demonstrations
 * @returns [k][k]; null of a single demonstration
 */
export function clusteredFrom(
  world: Tabular & Pick<Level, "tastes">,
  shown: readonly LatticeDemonstration[],
  { policy, certainty }: Pick<Posterior, "policy" | "certainty">,
): Float64Array | null {
  const { mdp, features } = modelOf(world);
  const precision = deviationIn(world) ** -2;
  return clusteredCovariance(mdp, features, shown, policy, certainty, precision, optionsIn(world));
}

/** The trajectories that take a step on the world's lattice, as demonstrations. */
export function shownIn(
  world: Tabular,
  trajectories: readonly Trajectory[],
): LatticeDemonstration[] {
  return trajectories
    .map((trajectory) => latticeDemonstration(world, trajectory))
    .filter(({ actions }) => actions.length > 0);
}

/** The options with which {@link inferFrom} reads a world's demonstrations, and whoever scores what it finds. */
export const optionsIn = (world: Tabular & Pick<Level, "tastes">): MaxEntOptions => ({
  deviation: deviationIn(world),
  outcomes: "expected",
  evenly: !Number.isFinite(world.lattice.horizon),
});

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
