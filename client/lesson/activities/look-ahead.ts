import type { Driver } from "../../../shared/imitation/rollout.ts";
import { width } from "../../../shared/spaces.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import type { Pose } from "../../../shared/worlds/picture.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { Outcome } from "../../../shared/worlds/world.ts";
import type { Role, Trail } from "../../drawing/trails.ts";

/** What would come from a state on in still air. */
export interface Ahead {
  /** From here on, up to the end of the episode or the last before a crash. */
  readonly poses: readonly Pose[];
  readonly fell: boolean;
}

/** Where the next second under `action`, held, would lead, or the next move, or so many `steps`. */
export function lookAhead(
  world: Level,
  state: Float64Array,
  action: ArrayLike<number>,
  steps = stepsIn(world.steering, 1, 1),
): Ahead {
  return driveAhead(world, state, (_, row) => row.set(action), steps);
}

/** Where `driver` would go in so many steps. */
export function driveAhead(
  world: Level,
  state: Float64Array,
  driver: Driver,
  steps: number,
): Ahead {
  const row = new Float64Array(width(world.action));
  const next = state.slice();
  const poses = [world.picture.pose(next)];
  for (let t = 0; t < steps; t++) {
    driver(next, row);
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
  steps?: number,
): Trail[] {
  return [{ role, style: "plan", points: lookAhead(world, state, action, steps).poses }];
}

/**
 * Steps for which an answer is thought to be held. A right one that turns a car back to the road's middle would,
 * held for a second, drive it off at the other side.
 */
export function heldSteps({ canFall, steering }: Level): number {
  return canFall ? Math.round(stepsIn(steering, 0.35, 1)) : stepsIn(steering, 1, 1);
}
