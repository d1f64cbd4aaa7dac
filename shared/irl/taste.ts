import type { Trajectory } from "../worlds/episode.ts";
import type { Tabular } from "../worlds/level.ts";
import { linearReward } from "./features.ts";
import { latticeDemonstration, modelOf } from "./lattice.ts";
import type { Mdp } from "./mdp.ts";
import { valueIteration } from "./planning.ts";
import { expectedValueDifference } from "./scores.ts";
import type { SoftSolution } from "./soft.ts";
import { visitationFrequency } from "./visitation.ts";

/**
 * Regret: the reward of the best trajectory from the same start less that of this one, in the reward's
 * unit. A trajectory that arrived is compared with those that arrive, since that is what was asked for: under a
 * taste it may be better still to stay for ever where one likes to be. An episode that ended before its horizon
 * stays where it ended, as in `modelOf`; one that was broken off collects nothing more.
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
  const { horizon } = mdp;
  if (!Number.isFinite(horizon)) throw new RangeError(`${world.name} has no end to be worth`);
  const reward = linearReward(features, Float64Array.from(weights));
  const { states } = latticeDemonstration(world, trajectory);
  const last = states.at(-1)!;
  const hasArrived = isEnd(mdp, last);
  const rest = hasArrived ? horizon + 1 - states.length : 0;
  const collected = states.reduce((sum, s) => sum + reward[s]!, 0) + rest * reward[last]!;
  if (!hasArrived) return valueIteration(mdp, reward).values[states[0]!]! - collected;
  const start = new Float64Array(mdp.nStates);
  start[states[0]!] = 1;
  const visits = visitationFrequency(mdp, arriving(mdp, reward).policy, start);
  return visits.reduce((sum, times, s) => sum + times * reward[s]!, 0) - collected;
}

/**
 * What is lost by acting on a recovered reward, as `expectedValueDifference` has it, where both the best ways for
 * the true reward and those for the recovered one are ways that arrive, as far as one can. At least 0.
 * @param truth [k]
 * @param weights [k], recovered
 */
export function valueLostBy(
  world: Tabular,
  truth: ArrayLike<number>,
  weights: ArrayLike<number>,
): number {
  const { mdp, features } = modelOf(world);
  const worth = (of: ArrayLike<number>) => linearReward(features, Float64Array.from(of));
  return expectedValueDifference(mdp, worth(truth), worth(weights), arriving);
}

/** The best ways for a reward among those that arrive: never to arrive costs more than any way. */
export function arriving(mdp: Mdp, reward: Float64Array): SoftSolution {
  const { horizon, nStates } = mdp;
  const states = Array.from({ length: nStates }, (_, s) => s);
  if (!Number.isFinite(horizon) || !states.some((s) => isEnd(mdp, s)))
    return valueIteration(mdp, reward);
  // Where all is worth the same, arriving is still what was asked for.
  const most = Math.max(...reward) - Math.min(...reward) || 1;
  const dear = (horizon + 1) * most;
  const last = reward.map((worth, s) => (isEnd(mdp, s) ? worth : worth - dear));
  return valueIteration(mdp, reward, undefined, undefined, last);
}

/** Whether nothing changes any more, whatever one does. */
function isEnd({ nActions, offsets, next }: Mdp, state: number): boolean {
  const after = next.subarray(offsets[state * nActions]!, offsets[(state + 1) * nActions]!);
  return after.every((other) => other === state);
}
