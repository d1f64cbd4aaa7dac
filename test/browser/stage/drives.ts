import { pathOf } from "../../../client/drawing/trails.ts";
import { rollout } from "../../../shared/imitation/rollout.ts";
import { Controller, replay } from "../../../shared/worlds/episode.ts";
import { worlds } from "../../../shared/worlds/index.ts";

/** Drives of which most fall: whoever is at the wheel turns it less than they should. */
export const world = worlds.road!;
export const seeds = Array.from({ length: 20 }, (_, i) => 300 + i);

export function driveFrom(seed: number, share: number) {
  const timid = (state: Float64Array, action: Float64Array) => {
    world.expert(state, action);
    action[0]! *= share;
  };
  return pathOf(world, replay(world, rollout(world, timid, Controller.learner, seed)));
}
