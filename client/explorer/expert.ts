import { linearReward } from "../../shared/irl/features.ts";
import { kingGrid } from "../../shared/irl/grid.ts";
import { softValueIteration } from "../../shared/irl/soft.ts";
import { type Random, Stream, seeded } from "../../shared/random.ts";
import { features } from "./inference.ts";
import { nCells, side } from "./waypoints.ts";

/** Moves that the expert makes: once across the grid, and two to spare. */
const moves = side + 1;

/**
 * What an expert does who is after this and no more careful than need be: cells drawn from the policy
 * of most causal entropy for the reward, from a cell drawn evenly.
 *
 * @param weights [3], nats a visit
 * @param n which of its demonstrations; the same one is always the same way
 */
export function expertPath(weights: readonly number[], n: number): number[] {
  const random = seeded(n, Stream.expert);
  const mdp = kingGrid(side, moves, new Float64Array(nCells).fill(1 / nCells));
  const { policy } = softValueIteration(mdp, linearReward(features, Float64Array.from(weights)));
  const path = [random.below(nCells)];
  for (let t = 0; t < moves; t++) {
    const row = (t * nCells + path[t]!) * mdp.nActions;
    const action = draw(policy.subarray(row, row + mdp.nActions), random);
    // Nothing is left to chance: each action has one outcome.
    path.push(mdp.next[mdp.offsets[path[t]! * mdp.nActions + action]!]!);
  }
  return path;
}

function draw(probabilities: Float64Array, random: Random): number {
  let left = random.uniform();
  const drawn = probabilities.findIndex((probability) => {
    left -= probability;
    return left < 0;
  });
  return drawn < 0 ? probabilities.length - 1 : drawn;
}
