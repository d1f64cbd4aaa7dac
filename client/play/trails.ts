import type { Trajectory } from "../../shared/worlds/episode.ts";
import { Outcome, type Pose, type World } from "../../shared/worlds/world.ts";
import type { Role, Trail } from "./activity.ts";

/** An episode as it is drawn: the pose at each time step, and where it fell. */
export interface Path {
  /** [T + 1] */
  readonly poses: readonly Pose[];
  /** Steps t whose outcome was a fall: poses t and t + 1 are not connected. */
  readonly falls: ReadonlySet<number>;
}

export function pathOf(world: World, { states, outcomes, length }: Trajectory): Path {
  const size = world.stateSize;
  return {
    poses: Array.from({ length: length + 1 }, (_, t) =>
      world.pose(states.subarray(t * size, (t + 1) * size)),
    ),
    falls: new Set(
      Array.from(outcomes, (outcome, t) => (outcome === Outcome.fell ? t : -1)).filter(
        (t) => t >= 0,
      ),
    ),
  };
}

/** The path from step `from` to step `to` as lines, one for each stretch between falls. */
export function trailsOf(
  { poses, falls }: Path,
  role: Role,
  style: Trail["style"],
  from = 0,
  to = poses.length - 1,
  uncertainty?: readonly number[],
): Trail[] {
  const trails: Trail[] = [];
  let start = from;
  for (let t = from; t <= to; t++) {
    if (t < to && !falls.has(t)) continue;
    trails.push({
      role,
      style,
      points: poses.slice(start, t + 1),
      ...(uncertainty && { uncertainty: uncertainty.slice(start, t + 1) }),
    });
    start = t + 1;
  }
  return trails;
}

/** Where the path fell in its first `to` steps. */
export function fallsOf({ poses, falls }: Path, from = 0, to = poses.length - 1): Pose[] {
  return [...falls].filter((t) => t >= from && t < to).map((t) => poses[t]!);
}

/** The pose a share of the way from `a` to `b`. */
export function between(a: Pose, b: Pose, share: number): Pose {
  const turn =
    a.heading === null || b.heading === null
      ? null
      : Math.atan2(Math.sin(b.heading - a.heading), Math.cos(b.heading - a.heading));
  return {
    x: a.x + share * (b.x - a.x),
    y: a.y + share * (b.y - a.y),
    heading: turn === null ? null : a.heading! + share * turn,
  };
}
