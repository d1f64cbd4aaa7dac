import { width } from "../../shared/spaces.ts";
import type { Trajectory } from "../../shared/worlds/episode.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { type Point, type Pose, placeOnMap } from "../../shared/worlds/picture.ts";
import { pushOf } from "../../shared/worlds/weather.ts";
import { Outcome } from "../../shared/worlds/world.ts";

/** A ghost is a learner of an earlier round: the learner's colour, faintly. */
export type Role = "expert" | "learner" | "ghost";

export interface Trail {
  readonly role: Role;
  readonly points: readonly Pose[];
  /** "past" was driven, "faint" was driven in another episode, "plan" is what would come. */
  readonly style: "past" | "faint" | "plan";
  /** In [0, 1] for each point; where given, unfamiliar stretches are drawn broader and in more colour. */
  readonly uncertainty?: readonly number[];
  /** Whether what was driven is drawn in dashes. */
  readonly dashed?: boolean;
  /** Whether it ends in a fall. */
  readonly fell?: true;
}

/** An episode as it is drawn: the pose at each time step, where it fell, and when the wind blew. */
export interface Path {
  /** [T + 1] */
  readonly poses: readonly Pose[];
  /** Steps t whose outcome was a fall: poses t and t + 1 are not connected. */
  readonly falls: ReadonlySet<number>;
  /** Steps t in which a gust pushed, and which way, radians. */
  readonly gusts: ReadonlyMap<number, number>;
}

export function pathOf(world: Level, trajectory: Trajectory): Path {
  const { states, outcomes, length } = trajectory;
  const size = world.stateSize;
  let gusts: ReadonlyMap<number, number> | null = null;
  return {
    // Found when they are first asked for, which most drawings never do.
    get gusts() {
      gusts ??= gustsIn(world, trajectory);
      return gusts;
    },
    poses: Array.from({ length: length + 1 }, (_, t) =>
      world.picture.pose(states.subarray(t * size, (t + 1) * size)),
    ),
    falls: new Set(
      Array.from(outcomes, (outcome, t) => (outcome === Outcome.fell ? t : -1)).filter(
        (t) => t >= 0,
      ),
    ),
  };
}

function gustsIn(
  world: Level,
  { states, actions, outcomes, length }: Trajectory,
): ReadonlyMap<number, number> {
  const [size, wide] = [world.stateSize, width(world.action)];
  const state = (t: number) => states.subarray(t * size, (t + 1) * size);
  const gusts = new Map<number, number>();
  for (let t = 0; t < length; t++) {
    const action = actions.subarray(t * wide, (t + 1) * wide);
    const toward = pushOf(world, state(t), action, state(t + 1), outcomes[t]!);
    if (toward !== null) gusts.set(t, toward);
  }
  return gusts;
}

/** The path from step `from` to step `to`, both included, as a path of its own. */
export function stretchOf({ poses, falls, gusts }: Path, from: number, to: number): Path {
  const isIn = (t: number) => t >= from && t <= to;
  return {
    poses: poses.slice(from, to + 2),
    falls: new Set([...falls].filter(isIn).map((t) => t - from)),
    gusts: new Map([...gusts].flatMap(([t, way]) => (isIn(t) ? [[t - from, way]] : []))),
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
  const point = (a: Point, b: Point) => ({
    x: a.x + share * (b.x - a.x),
    y: a.y + share * (b.y - a.y),
  });
  return {
    ...point(a, b),
    heading: headingBetween(a.heading, b.heading, share),
    ...(a.onMap && b.onMap && { onMap: point(a.onMap, b.onMap) }),
  };
}

/** The pose a share of the way through step `t` of a path. A fall is not driven through: nothing moves until it is over. */
export function poseIn({ poses, falls }: Path, t: number, share: number): Pose {
  const next = poses[t + 1];
  return !next || falls.has(t) ? poses[t]! : between(poses[t]!, next, share);
}

/** The lines that show a way: through where its poses are and, where that is elsewhere, through where they lie on the map. */
export function linesOf(poses: readonly Pose[]): readonly (readonly Point[])[] {
  return poses[0]?.onMap ? [poses, poses.map(placeOnMap)] : [poses];
}

/** The shorter way round, null where one of them has no heading. */
function headingBetween(from: number | null, to: number | null, share: number): number | null {
  if (from === null || to === null) return null;
  return from + share * Math.atan2(Math.sin(to - from), Math.cos(to - from));
}

/** A learner's track where the place is this unfamiliar to it: its width, and its share of the learner's colour. */
export function strokeOf(uncertainty: number): { width: number; colour: number } {
  // Most of what a learner meets is somewhat familiar; the root spreads the differences out.
  const doubt = Math.sqrt(uncertainty);
  return { width: 1.4 + 4 * doubt, colour: 0.5 + 0.5 * doubt };
}
