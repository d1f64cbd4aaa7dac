import { driverOf } from "../../../shared/imitation/rollout.ts";
import type { Policy } from "../../../shared/policies/policy.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { type Ahead, driveAhead } from "../activities/look-ahead.ts";
import type { Change } from "./change.ts";

/** Seconds that are looked at. */
const seconds = 2;

/** What one answer does to the learner's drive from the state that it is about. Plain data. */
export interface AnswerEffect {
  readonly before: Ahead;
  readonly now: Ahead;
}

/** How `policy` would drive on from `state`. */
export function drivesOn(world: Level, policy: Policy, state: Float64Array): Ahead {
  const steps = stepsIn(world.steering, seconds, seconds);
  return driveAhead(world, state, driverOf(world, policy), steps);
}

/** Whether the answer helps, in words; null where there was no crash to come, and is none. */
export function sayEffect({ before, now }: AnswerEffect): Change | null {
  if (before.fell)
    return now.fell
      ? {
          words: "It still crashes here. More answers near here will help.",
          short: "It still crashes here",
        }
      : {
          words: "Before, it crashed here. Now it drives on.",
          short: "It learned this: now it drives on",
        };
  return now.fell
    ? {
        words: "With this answer it crashes here. Did you mean that? You can take it back.",
        short: "With this answer it crashes here",
      }
    : null;
}
