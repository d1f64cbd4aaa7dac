import { atan2, cos, hypot, sin } from "../../arithmetic.ts";
import type { Picture, Point, Pose } from "../picture.ts";
import { flag, leftmost, rightmost, topSpeed } from "./dynamics.ts";

/** Units of the picture to one of position. */
export const stretch = 4;
/** Units of the picture to one of velocity, in the plane of states below. */
export const lift = 20;
/** Width of the edge on which nothing lies, units. */
const rim = 1e-6;
/** Middle of that plane, where the velocity is 0. */
const planeMiddle = -2;
/** Gravity of the landscape that is drawn as it is; slopes are as much steeper as there is more of it. */
const usualGravity = 0.0025;
const agent = 0.5; // length of the car, units
const ride = 0.14; // its middle above the ground, units

/** The plane of all states, beneath the slope: position across, velocity upward. */
export const plane = {
  left: stretch * leftmost,
  right: stretch * rightmost,
  bottom: planeMiddle - lift * topSpeed,
  middle: planeMiddle,
  top: planeMiddle + lift * topSpeed,
} as const;

/** Where a state lies in the plane: within it, though rounding may have put it on its very edge. */
export function inPlane(position: number, velocity: number): Point {
  return {
    x: within(stretch * position, plane.left, plane.right),
    y: within(plane.middle + lift * velocity, plane.bottom, plane.top),
  };
}

function within(value: number, least: number, most: number): number {
  return Math.min(most - rim, Math.max(least + rim, value));
}

/** The slope as it is drawn for this gravity, the flag, and the car on its wheels. */
export function landscapeOf(gravity: number): Picture {
  const height = (0.45 * gravity) / usualGravity;
  const groundAt = (position: number) => stretch * (height * (sin(3 * position) + 1) + 0.1);
  /** Rise over run. */
  const slopeAt = (position: number) => 3 * height * cos(3 * position);
  const points = Array.from({ length: 91 }, (_, i) => {
    const position = leftmost + ((rightmost - leftmost) * i) / 90;
    return [stretch * position, groundAt(position)] as const;
  });
  return {
    bounds: {
      left: plane.left - 0.3,
      right: plane.right + 0.3,
      bottom: plane.bottom - 0.2,
      top: groundAt(flag) + 1.1,
    },
    agent,
    shapes: [{ kind: "ribbon", points, closed: false, halfWidth: 0.03 }],

    pose(state): Pose {
      const [position, velocity] = [state[0]!, state[1]!];
      const slope = slopeAt(position);
      const length = hypot(1, slope);
      return {
        x: stretch * position - (ride * slope) / length,
        y: groundAt(position) + ride / length,
        heading: atan2(slope, 1),
        onMap: inPlane(position, velocity),
      };
    },
  };
}
