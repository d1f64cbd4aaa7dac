import type { Point, Pose } from "../../shared/worlds/picture.ts";

/** Farther than this in a frame nobody drives: they were put there. Units. */
const leap = 0.5;
/** Of the rear wheels, as shares of the agent's size. */
const rear = -0.28;
const half = 0.27;

/**
 * Where the tyres of a car give off smoke: at its rear wheels, while it is turned by more than `from`
 * radians a second.
 * @param before where it was `seconds` ago
 */
export function smokeFrom(
  before: Pose | undefined,
  pose: Pose,
  size: number,
  from: number,
  seconds: number,
): readonly Point[] {
  if (!before || Math.hypot(pose.x - before.x, pose.y - before.y) > leap) return [];
  const heading = pose.heading!;
  const turn = Math.sin(heading - before.heading!);
  if (Math.abs(turn) < from * seconds) return [];
  const [cos, sin] = [Math.cos(heading), Math.sin(heading)];
  return [-half, half].map((across) => ({
    x: pose.x + size * (rear * cos - across * sin),
    y: pose.y + size * (rear * sin + across * cos),
  }));
}
