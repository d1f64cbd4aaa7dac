import { atan2, hypot } from "../../arithmetic.ts";
import type { Track } from "./track.ts";

/** Between places along the road, as a multiple of the car's length. */
const apart = 2.75;
/** How far a place is off the middle of the road, as a share of half its width. */
const lanes = [-0.5, 0, 0.5];

/** Where one drives, a state is where one is and which way one looks: here, along the road. */
export function viewpointsAlong(track: Track, halfWidth: number, agent: number): Float64Array[] {
  const found: Float64Array[] = [];
  const { points } = track;
  let travelled = apart * agent;
  for (let i = 0; i < points.length; i++) {
    const [[fromX, fromY], [x, y]] = [points.at(i - 1)!, points[i]!];
    const length = hypot(x - fromX, y - fromY);
    travelled += length;
    if (travelled < apart * agent) continue;
    travelled = 0;
    const [cos, sin] = [(x - fromX) / length, (y - fromY) / length];
    for (const lane of lanes) {
      const state = [x - lane * halfWidth * sin, y + lane * halfWidth * cos, atan2(sin, cos)];
      found.push(Float64Array.from(state, Math.fround));
    }
  }
  return found;
}
