import { type ActionSpace, clip } from "../../../shared/spaces.ts";
import { Controller } from "../../../shared/worlds/episode.ts";
import { type Path, type Trail, trailsOf } from "../../drawing/trails.ts";
import type { LiveEpisode } from "../activities/live-episode.ts";

/** A person and a learner at one wheel. */

/** Seconds in which it goes back from the person to the learner. */
export const handBackSeconds = 0.3;

/**
 * What the wheel does where it is the person's as far as they grip it, and the learner's for the rest.
 * @param grip in [0, 1]
 * @param action the learner's, and then what the wheel does
 */
export function mix(
  space: ActionSpace,
  mine: Float64Array,
  grip: number,
  action: Float64Array,
): void {
  if (space.kind === "discrete") {
    // There is nothing between two of a few actions.
    if (grip === 1) action.set(mine);
    return;
  }
  mine.forEach((value, i) => {
    action[i] = grip * value + (1 - grip) * action[i]!;
  });
  clip(space, action);
}

/** How often the wheel went to the person. */
export function takeoversIn(controllers: readonly number[]): number {
  return controllers.filter(
    (controller, t) => controller === Controller.expert && controllers[t - 1] !== Controller.expert,
  ).length;
}

/** Steps that the person chose. */
export function labelsIn(controllers: readonly number[]): number {
  return controllers.filter((controller) => controller === Controller.expert).length;
}

/** How often the person fell while they had the wheel. */
export function ownFallsIn({ controllers, path }: LiveEpisode): number {
  return [...path.falls].filter((t) => controllers[t] === Controller.expert).length;
}

/** The path up to step `to`, each stretch in the colour of whoever drove it. */
export function sharedTrails(path: Path, controllers: readonly number[], to: number): Trail[] {
  const trails: Trail[] = [];
  let start = 0;
  for (let t = 1; t <= to; t++) {
    if (t < to && controllers[t] === controllers[start]) continue;
    const role = controllers[start] === Controller.expert ? "expert" : "learner";
    trails.push(...trailsOf(path, role, "past", start, t));
    start = t;
  }
  return trails;
}
