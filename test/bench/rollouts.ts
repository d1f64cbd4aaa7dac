import { pairsOf } from "../../shared/imitation/dataset.ts";
import { demonstrate, driverOf, rollout } from "../../shared/imitation/rollout.ts";
import { fourier } from "../../shared/policies/fourier.ts";
import { mlp } from "../../shared/policies/mlp.ts";
import { finish, type PolicyKind } from "../../shared/policies/policy.ts";
import { softmax } from "../../shared/policies/softmax.ts";
import { seeded } from "../../shared/random.ts";
import { width } from "../../shared/spaces.ts";
import { Controller, type Episode, replay, Simulation } from "../../shared/worlds/episode.ts";
import { garden } from "../../shared/worlds/garden/levels.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { road } from "../../shared/worlds/road/levels.ts";
import { type Bench, type Figure, interleave, ratio } from "./harness.ts";

const repeats = 7;
const firstSeed = 2000;

/** The cost of a policy in a rollout, beside the world's own steps. */
export const rollouts: Bench = {
  name: "Rollouts",
  run: (clock) => [
    compare(road, fourier, 30, clock),
    compare(road, mlp, 30, clock),
    compare(garden, softmax, 2000, clock),
  ],
};

/** @param times rollouts that are timed together */
function compare(world: Level, kind: PolicyKind, times: number, clock: () => number): Figure {
  const shown = Array.from({ length: 5 }, (_, i) =>
    replay(world, demonstrate(world, firstSeed + i)),
  );
  const { policy } = finish(kind.fit(pairsOf(world, shown), seeded(1)));
  const drive = () => rollout(world, driverOf(world, policy), Controller.learner, firstSeed);
  const driven = drive();
  const measured = interleave(
    {
      bare: { times: 10 * times, run: () => step(world, driven) },
      driven: { times, run: () => void drive() },
    },
    repeats,
    clock,
  );
  const name = `steps a second in ${world.name}, with ${kind.name} at the wheel / without`;
  return ratio(name, measured.bare, measured.driven);
}

/** The same steps with given actions, without keeping anything. */
function step(world: Level, { seed, actions }: Episode): void {
  const wide = width(world.action);
  const drive = new Simulation(world, seed);
  const action = new Float64Array(wide);
  for (let t = 0; !drive.over; t++) {
    for (let k = 0; k < wide; k++) action[k] = actions[t * wide + k]!;
    drive.step(action);
  }
}
