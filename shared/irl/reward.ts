import type { Trajectory } from "../worlds/episode.ts";
import type { World } from "../worlds/world.ts";
import { latticeDemonstration, modelOf } from "./lattice.ts";
import { maxEnt } from "./maxent.ts";

/** What a person's demonstrations in a world say about the reward that they are after. */
export interface InferredReward {
  /** [k], one for each of the lattice's features. */
  readonly weights: readonly number[];
  /** Of each of the lattice's tiles, nats a visit. Only differences between tiles mean anything. */
  readonly reward: readonly number[];
  /** How many states of the demonstrations fell on each of the lattice's tiles. */
  readonly visits: readonly number[];
  readonly gradientNorm: number;
  readonly iterations: number;
  /** Demonstrations that were used. */
  readonly demonstrations: number;
  /** Steps of them that the model cannot produce, and that were left out. */
  readonly impossible: number;
}

/**
 * Maximum causal entropy inverse reinforcement learning on trajectories in a world.
 *
 * Outcomes are read as expected, because a lattice is an approximation: a driver knows where in its
 * cell the car is and the model does not, and so the driver seems luckier than chance. Read as
 * observed, that luck would pass for ever larger weights the more is demonstrated.
 *
 * @param progress told the share done, in [0, 1]
 * @throws RangeError where no trajectory takes a step on the lattice
 */
export function inferFrom(
  world: World,
  trajectories: readonly Trajectory[],
  progress: (share: number) => void = () => {},
): InferredReward {
  const { mdp, features } = modelOf(world);
  const demonstrations = trajectories
    .map((trajectory) => latticeDemonstration(world, trajectory))
    .filter(({ actions }) => actions.length > 0);
  if (demonstrations.length === 0) {
    throw new RangeError(`no demonstration takes a step on the lattice of ${world.name}`);
  }
  const { weights, reward, gradientNorm, iterations } = maxEnt(
    mdp,
    features,
    demonstrations,
    { outcomes: "expected", evenly: !Number.isFinite(mdp.horizon) },
    progress,
  );
  return {
    weights: [...weights],
    reward: world.lattice.tiles.map(({ cell }) => reward[cell]!),
    visits: tileVisits(world, trajectories),
    gradientNorm,
    iterations,
    demonstrations: demonstrations.length,
    impossible: demonstrations.reduce((sum, { impossible }) => sum + impossible, 0),
  };
}

/**
 * How many states of the trajectories, the first and the last included, fall on each tile of the
 * lattice: on the one whose middle is nearest, as far as the state is within its square.
 */
export function tileVisits(world: World, trajectories: readonly Trajectory[]): number[] {
  const { tiles } = world.lattice;
  const visits = tiles.map(() => 0);
  for (const { states, length } of trajectories) {
    for (let t = 0; t <= length; t++) {
      const { x, y } = world.pose(states.subarray(t * world.stateSize, (t + 1) * world.stateSize));
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
