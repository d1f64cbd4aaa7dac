import type { Trajectory } from "../worlds/episode.ts";
import type { Tabular } from "../worlds/level.ts";
import { linearReward } from "./features.ts";
import { latticeDemonstration, modelOf } from "./lattice.ts";
import { valueIteration } from "./planning.ts";

/**
 * Regret: the reward of the best trajectory from the same start less that of this one, in the reward's
 * unit. An episode that ended before its horizon stays where it ended, as in `modelOf`; one that was
 * broken off collects nothing more.
 *
 * @param weights [k], of the lattice's features
 * @throws RangeError where the lattice's horizon is infinite
 */
export function regretOf(
  world: Tabular,
  weights: ArrayLike<number>,
  trajectory: Trajectory,
): number {
  const { mdp, features } = modelOf(world);
  const { horizon, nActions, offsets, next } = mdp;
  if (!Number.isFinite(horizon)) throw new RangeError(`${world.name} has no end to be worth`);
  const reward = linearReward(features, Float64Array.from(weights));
  const { states } = latticeDemonstration(world, trajectory);
  const last = states.at(-1)!;
  const after = next.subarray(offsets[last * nActions]!, offsets[(last + 1) * nActions]!);
  const rest = after.every((state) => state === last) ? horizon + 1 - states.length : 0;
  const collected = states.reduce((sum, s) => sum + reward[s]!, 0) + rest * reward[last]!;
  return valueIteration(mdp, reward).values[states[0]!]! - collected;
}
