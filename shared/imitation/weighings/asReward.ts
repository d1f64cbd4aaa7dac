import { exp } from "../../arithmetic.ts";
import type { Trajectory } from "../../worlds/episode.ts";
import { Outcome } from "../../worlds/world.ts";
import { discount, expectedTrouble } from "../trouble.ts";
import { takeoversIn, type Weighing } from "./weighing.ts";

/** An advantage of so much makes a step count e times as much. */
const temperature = 0.1;
/** Most that one step counts. */
const most = 4;

/**
 * A takeover is a reward of −1 for the step that led to it, and there is no other (RLIF: Luo, Dong, Zhai, Ma and Levine
 * 2024); a fall is a takeover that came too late. From what comes after each step a value of places is learned, and steps
 * count by how much better they went than their place lets expect, exp(A / τ): advantage-weighted regression (Peng, Kumar,
 * Zhang and Levine 2019), in place of the paper's actor and critic, which take a hundred times as many steps.
 */
export const asReward: Weighing = {
  name: "asReward",
  title: "a takeover as a reward of −1",
  weigh(world, drives, kind, seed) {
    const { stateSize } = world;
    const trouble = drives.map(troubleIn);
    const expected = expectedTrouble(world, drives, trouble, kind, seed);
    return drives.map(({ states, length }, i) => {
      const value = Float64Array.from(
        { length: length + 1 },
        (_, t) => -expected(states.subarray(t * stateSize, (t + 1) * stateSize)),
      );
      return Float64Array.from({ length }, (_, t) => {
        // Once there is trouble, another hand drives or one is put back: what comes then is no matter of this step.
        const outcome = trouble[i]![t] ? -1 : discount * value[t + 1]!;
        return Math.min(most, exp((outcome - value[t]!) / temperature));
      });
    });
  },
};

/** 1 for a step after which the wheel was taken, and for a fall. [T] */
function troubleIn(drive: Trajectory): Uint8Array {
  const trouble = Uint8Array.from(drive.outcomes, (outcome) => (outcome === Outcome.fell ? 1 : 0));
  for (const t of takeoversIn(drive)) trouble[t - 1] = 1;
  return trouble;
}
