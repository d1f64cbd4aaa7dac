import { type Random, Stream, seeded } from "../random.ts";
import { width } from "../spaces.ts";
import type { Tabular } from "../worlds/level.ts";
import { Outcome } from "../worlds/world.ts";
import { linearReward } from "./features.ts";
import { modelOf } from "./lattice.ts";
import { valueIteration } from "./planning.ts";

/** States around one over which its value is averaged. */
const nNearby = 32;
/** Lattice steps within which an action has to lead back to the lattice from outside. */
const patience = 4;

/**
 * A policy for a reward: in each state it takes the lattice action that, held for one lattice step without
 * wind, leads to the greatest value. Values are planned on the world's model, but the lookahead starts
 * from the state itself, so that the place within a cell matters. An action without a fall is preferred
 * to any that falls, and a later fall to a sooner one, even if the reward does not punish it.
 *
 * It keeps nothing between states, so over a finite horizon it always acts as if the whole horizon lay
 * ahead (receding horizon control).
 *
 * @param weights [k], one for each of the lattice's features; they may have been learned in another
 * world that has the same features
 * @returns writes the action in `state`; far outside of the lattice, one that does not fall soon
 * @throws RangeError where there are not as many weights as features
 */
export function rewardDriver(
  world: Tabular,
  weights: ArrayLike<number>,
): (state: Float64Array, action: Float64Array) => void {
  const { lattice, stateSize } = world;
  if (weights.length !== lattice.nFeatures) {
    throw new RangeError(
      `${weights.length} weights for the ${lattice.nFeatures} features of ${world.name}`,
    );
  }
  const { mdp, features } = modelOf(world);
  const { values } = valueIteration(mdp, linearReward(features, Float64Array.from(weights)));
  // V_1 over a finite horizon: the value after the first step.
  const later = Number.isFinite(mdp.horizon)
    ? values.subarray(mdp.nStates, 2 * mdp.nStates)
    : values;
  const around = offsets(world, seeded(0, Stream.lattice));
  const nearby = new Float64Array(stateSize);
  const ahead = new Float64Array(stateSize);
  /** The last state on the lattice, as in the model. */
  const last = new Float64Array(stateSize);
  const choice = new Float64Array(width(world.action));

  /**
   * The mean over a cell's worth of states around this one: values are constant on each cell, and so
   * vary linearly from the middle of one to that of the next. The edge of the lattice is a wall.
   */
  const valueAt = (state: Float64Array): number => {
    const here = lattice.cellOf(state);
    let sum = 0;
    for (let i = 0; i < around.length; i += stateSize) {
      for (let j = 0; j < stateSize; j++) nearby[j] = state[j]! + around[i + j]!;
      const cell = lattice.cellOf(nearby);
      sum += later[cell < 0 ? here : cell]!;
    }
    return (sum * stateSize) / around.length;
  };

  return (state, action) => {
    let furthest = Number.NEGATIVE_INFINITY;
    let best = Number.NEGATIVE_INFINITY;
    for (let a = 0; a < lattice.nActions; a++) {
      lattice.action(a, choice);
      ahead.set(state);
      last.set(state);
      let inside = lattice.cellOf(state) >= 0;
      let outcome: number = Outcome.goesOn;
      let steps = 0;
      while (outcome === Outcome.goesOn && steps < lattice.hold * (inside ? 1 : patience)) {
        outcome = world.step(ahead, choice, null, ahead);
        steps++;
        if (lattice.cellOf(ahead) < 0) continue;
        inside = true;
        last.set(ahead);
      }
      const safe = outcome === Outcome.fell ? steps : Number.POSITIVE_INFINITY;
      const value = inside ? valueAt(last) : Number.NEGATIVE_INFINITY;
      if (safe > furthest || (safe === furthest && value > best)) {
        [furthest, best] = [safe, value];
        action.set(choice);
      }
    }
  };
}

/**
 * States of a cell less their mean, [n][stateSize] flat. All cells of a lattice are assumed to have the
 * same size.
 */
function offsets({ lattice, stateSize }: Tabular, random: Random): Float64Array {
  const n = lattice.samples > 1 ? nNearby : 1;
  const states = new Float64Array(n * stateSize);
  for (let i = 0; i < n; i++)
    lattice.stateIn(0, random, states.subarray(i * stateSize, (i + 1) * stateSize));
  const mean = new Float64Array(stateSize);
  states.forEach((value, i) => {
    mean[i % stateSize]! += value / n;
  });
  return states.map((value, i) => value - mean[i % stateSize]!);
}
