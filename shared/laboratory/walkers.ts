import { linearReward } from "../irl/features.ts";
import { modelOf } from "../irl/lattice.ts";
import { valueIteration } from "../irl/planning.ts";
import { softValueIteration } from "../irl/soft.ts";
import type { Random } from "../random.ts";
import { replay, Simulation, type Trajectory } from "../worlds/episode.ts";
import type { Level } from "../worlds/level.ts";

/** How somebody follows a taste. */
export interface Walker {
  /** With the soft policy for β times the taste; without a mistake where it is infinite. */
  readonly beta: number;
  /** Standard deviation of what is added to each weight for the whole of a walk. */
  readonly mood: number;
}

/**
 * Walks in a world whose lattice has its own actions and a horizon.
 * @param taste [k]
 */
export function walksBy(
  world: Level,
  taste: Float64Array,
  { beta, mood }: Walker,
  walks: number,
  random: Random,
): Trajectory[] {
  const { mdp, features } = modelOf(world);
  const [plan, scale] = Number.isFinite(beta) ? [softValueIteration, beta] : [valueIteration, 1];
  const policyFor = (weights: Float64Array) => plan(mdp, linearReward(features, weights)).policy;
  const meant = taste.map((weight) => scale * weight);
  const usual = policyFor(meant);
  return Array.from({ length: walks }, () => {
    const today = () => policyFor(meant.map((weight) => weight + mood * random.normal()));
    return walkBy(world, mood > 0 ? today() : usual, random);
  });
}

/** @param policy [t][cell][a] */
function walkBy(world: Level, policy: Float64Array, random: Random): Trajectory {
  const seed = random.below(2 ** 32);
  const drive = new Simulation(world, seed);
  const { nStates, nActions } = world.lattice;
  const actions: number[] = [];
  while (!drive.over) {
    const row = (drive.time * nStates + world.lattice.cellOf(drive.state)) * nActions;
    let a = 0;
    for (let left = random.uniform() - policy[row]!; left >= 0 && a < nActions - 1; )
      left -= policy[row + ++a]!;
    actions.push(a);
    drive.step(Float64Array.of(a));
  }
  const controllers = actions.map(() => 0);
  return replay(world, { world: world.name, seed, actions, controllers });
}
