import type { Policy } from "../policies/policy.ts";
import type { Gate } from "../queries/query.ts";
import type { Trajectory } from "../worlds/episode.ts";
import type { World } from "../worlds/world.ts";
import { quantile } from "./statistics.ts";

/** The learner goes on by itself where it is as near as this to what the expert does. */
const agreed = 0.1;

/** How a place looks to the learner before it asks for the wheel to be taken. */
export interface Alarm {
  /** More is worse. */
  of(state: Float64Array): number;
  /** The expert is asked for where it is above this. */
  readonly threshold: number;
}

/**
 * An alarm that goes off in so large a share of the places that the learner drove through, which is how a budget for the
 * expert's time becomes a threshold (ThriftyDAgger: Hoque, Balakrishna, Novoseller, Wilcox, Brown and Goldberg 2021).
 * @param rate the share, in (0, 1)
 */
export function alarmAt(
  rate: number,
  world: World,
  driven: readonly Trajectory[],
  of: (state: Float64Array) => number,
): Alarm {
  const size = world.stateSize;
  const levels = driven.flatMap(({ states, length }) =>
    Array.from({ length }, (_, t) => of(states.subarray(t * size, (t + 1) * size))),
  );
  return { of, threshold: quantile(levels, 1 - rate) };
}

/** How unfamiliar a place is to the policy. */
export function novelty(world: World, policy: Policy): Alarm["of"] {
  const observation = new Float64Array(world.observationSize);
  return (state) => {
    world.observe(state, observation);
    return policy.uncertainty(observation);
  };
}

/**
 * The learner asks for the wheel to be taken where any of the alarms goes off, and has it back where none does and it would do
 * about what the expert does.
 */
export function askingGate(alarms: readonly Alarm[]): Gate {
  return ({ state, expertDrives, disagreement }) => {
    const isAlarmed = alarms.some(({ of, threshold }) => of(state) > threshold);
    return isAlarmed || (expertDrives && disagreement > agreed);
  };
}
