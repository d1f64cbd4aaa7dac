import { type Dataset, finish, type PolicyKind } from "../policies/policy.ts";
import { Stream, seeded } from "../random.ts";
import type { Trajectory } from "../worlds/episode.ts";
import type { World } from "../worlds/world.ts";

/** Of trouble that comes one step later. */
export const discount = 0.95;

/**
 * How soon trouble is to be expected after a place: the discounted time to the next in the same drive, discount^steps, which is
 * 0 where none came, learned from what came after each step as a policy would be.
 * @param trouble at which steps of each drive there was some, [drives] of [T]
 * @param kind of policy, for continuous actions
 * @returns in [0, 1], of a state
 */
export function expectedTrouble(
  world: World,
  drives: readonly Trajectory[],
  trouble: readonly Uint8Array[],
  kind: PolicyKind,
  seed: number,
): (state: Float64Array) => number {
  const { stateSize, observationSize } = world;
  const n = drives.reduce((sum, { length }) => sum + length, 0);
  const data: Dataset = {
    n,
    observationSize,
    action: { kind: "continuous", low: [0], high: [1] },
    observations: new Float64Array(n * observationSize),
    actions: new Float64Array(n),
  };
  let from = 0;
  drives.forEach(({ states, length }, i) => {
    for (let t = length - 1, soon = 0; t >= 0; t--) {
      soon = trouble[i]![t] ? 1 : discount * soon;
      const row = (from + t) * observationSize;
      world.observe(
        states.subarray(t * stateSize, (t + 1) * stateSize),
        data.observations.subarray(row, row + observationSize),
      );
      data.actions[from + t] = soon;
    }
    from += length;
  });
  const { policy } = finish(kind.fit(data, seeded(seed, Stream.learning)));
  const observation = new Float64Array(observationSize);
  const expected = new Float64Array(1);
  return (state) => {
    world.observe(state, observation);
    policy.act(observation, expected);
    return expected[0]!;
  };
}
