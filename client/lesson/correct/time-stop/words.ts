import type { Level } from "../../../../shared/worlds/level.ts";
import { restOf } from "../../../../shared/worlds/steering.ts";

/**
 * A disagreement in words: of actions that one chooses from, how often; of others, how far, in the percent in which
 * {@link sayExactly} tells them: 15 % to the right and 30 % to the left are 45 % apart.
 * @param share of the whole range, in [0, 1]
 */
export function sayDifference({ action }: Level, share: number): string {
  return action.kind === "discrete"
    ? `in ${Math.round(100 * share)} % of the cases`
    : `by ${Math.round(200 * share)} %`;
}

/** Shares of the whole way below which an action is none, a little or a middling one; most that one needs on a road are under a third. */
const bounds = { none: 0.05, little: 0.18, middling: 0.45 };

/** An action in words, from what the world's keys stand for. */
export function sayAction(world: Level, action: readonly number[]): string {
  if (world.action.kind === "discrete") return world.action.names[action[0]!]!;
  const { key, share } = turnOf(world, action);
  if (share < bounds.none) return "straight on";
  if (share < bounds.little) return `a little ${key}`;
  return share < bounds.middling ? key : `hard ${key}`;
}

/** The same to the percent of the whole way. */
export function sayExactly(world: Level, action: readonly number[]): string {
  const { key, share } = turnOf(world, action);
  return share < 0.005 ? "straight on" : `${key} by ${Math.round(100 * share)} %`;
}

/** The key that asks for this most, and the share of what it asks for when it is held. */
function turnOf({ steering }: Level, action: readonly number[]): { key: string; share: number } {
  const rest = restOf(steering);
  let turn = { key: "", share: 0 };
  for (const [key, full] of Object.entries(steering.keys)) {
    const i = full.findIndex((value, axis) => value !== rest[axis]);
    const share = (action[i]! - rest[i]!) / (full[i]! - rest[i]!);
    if (share > turn.share) turn = { key, share };
  }
  return turn;
}

/** How an answer compares with what the learner did. */
export function compare(
  world: Level,
  mine: readonly number[],
  learners: readonly number[],
): string {
  const [you, it] = [sayAction(world, mine), sayAction(world, learners)];
  if (you === it) {
    const alike = world.action.kind === "discrete" ? "the same" : "nearly the same";
    return `You and the learner did ${alike}: ${you}.`;
  }
  return `You: ${you}. The learner on its drive: ${it}.`;
}
