import type { Level } from "../../../../shared/worlds/level.ts";
import { restOf } from "../../../../shared/worlds/steering.ts";

/**
 * A disagreement in words: of actions that one chooses from, how often; of others, how far, in the percent in which
 * {@link sayAction} tells them: 15 % to the right and 30 % to the left are 45 % apart.
 * @param share of the whole range, in [0, 1]
 */
export function sayDifference({ action }: Level, share: number): string {
  return action.kind === "discrete"
    ? `in ${Math.round(100 * share)} % of the cases`
    : `by ${Math.round(200 * share)} %`;
}

/** An action in words, from what the world's keys stand for. */
export function sayAction(world: Level, action: readonly number[]): string {
  if (world.action.kind === "discrete") return world.action.names[action[0]!]!;
  const rest = restOf(world.steering);
  let said = "straight on";
  let most = 0.005;
  for (const [key, full] of Object.entries(world.steering.keys)) {
    const i = full.findIndex((value, axis) => value !== rest[axis]);
    const share = (action[i]! - rest[i]!) / (full[i]! - rest[i]!);
    if (share > most) [said, most] = [`${key} by ${Math.round(100 * share)} %`, share];
  }
  return said;
}

/** How an answer compares with what the learner did. */
export function compare(
  world: Level,
  mine: readonly number[],
  learners: readonly number[],
): string {
  const [you, it] = [sayAction(world, mine), sayAction(world, learners)];
  if (you === it) return `You and the learner said the same: ${you}.`;
  return `You: ${you}. The learner, before: ${it}.`;
}
