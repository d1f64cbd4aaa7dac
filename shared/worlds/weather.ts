import { atan2, hypot } from "../arithmetic.ts";
import { wrap } from "./angle.ts";
import type { Level } from "./level.ts";
import { Outcome } from "./world.ts";

/** Radians by which a heading must have been turned for it to be felt. */
const leastTurn = 0.1;

/**
 * Which way the weather pushed in a step, radians: told by comparing what came of the step with what
 * would have come of it in still air. null where it didn't push, or too little to be felt.
 *
 * @param before [stateSize]
 * @param after [stateSize], what came of it, with this {@link Outcome}
 */
export function pushOf(
  level: Level,
  before: Float64Array,
  action: Float64Array,
  after: Float64Array,
  outcome: number,
): number | null {
  const { weather, picture } = level;
  if (!weather) return null;
  const still = new Float64Array(level.stateSize);
  const expected = level.step(before, action, null, still);
  const [is, would] = [picture.pose(after), picture.pose(still)];
  if (weather === "moves") {
    if (hypot(is.x - would.x, is.y - would.y) < picture.agent / 2) return null;
    const was = picture.pose(before);
    return is.x === was.x && is.y === was.y
      ? atan2(was.y - would.y, was.x - would.x)
      : atan2(is.y - was.y, is.x - was.x);
  }
  // Who was blown off is back on the middle: it was toward the side on which they would have been.
  if (outcome === Outcome.fell && expected !== Outcome.fell)
    return atan2(would.y - is.y, would.x - is.x);
  const turned = wrap(is.heading! - would.heading!);
  if (Math.abs(turned) < leastTurn) return null;
  return wrap(would.heading! + (Math.sign(turned) * Math.PI) / 2);
}
