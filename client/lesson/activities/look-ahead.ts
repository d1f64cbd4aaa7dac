import type { Level } from "../../../shared/worlds/level.ts";
import type { Pose } from "../../../shared/worlds/picture.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { Outcome } from "../../../shared/worlds/world.ts";
import type { Role, Trail } from "../../drawing/trails.ts";

/**
 * Where the next second under `action`, held, would lead from `state` in still air, or the next move,
 * or so many `steps`: the poses from here on, up to the end of the episode or a fall, and whether it was a fall.
 */
export function lookAhead(
  world: Level,
  state: Float64Array,
  action: ArrayLike<number>,
  steps = stepsIn(world.steering, 1, 1),
): { readonly poses: Pose[]; readonly fell: boolean } {
  const row = Float64Array.from(action);
  const next = state.slice();
  const poses = [world.picture.pose(next)];
  for (let t = 0; t < steps; t++) {
    const outcome = world.step(next, row, null, next);
    if (outcome === Outcome.fell) return { poses, fell: true };
    poses.push(world.picture.pose(next));
    if (outcome === Outcome.done) break;
  }
  return { poses, fell: false };
}

/** The way that {@link lookAhead} finds, as a trail. */
export function planOf(
  world: Level,
  state: Float64Array,
  action: ArrayLike<number>,
  role: Role,
): Trail[] {
  return [{ role, style: "plan", points: lookAhead(world, state, action).poses }];
}
