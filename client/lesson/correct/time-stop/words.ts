import type { Level } from "../../../../shared/worlds/level.ts";
import { restOf } from "../../../../shared/worlds/steering.ts";
import { presentationOf } from "../../../worlds/index.ts";

/** A disagreement in words: of actions that one chooses from, how often; of others, how far. */
export function sayShare(world: Level, share: number, of = ofWhat(world)): string {
  const kind = world.action.kind === "discrete" ? "in" : "by";
  return `${kind} ${Math.round(100 * share)} %${of}`;
}

function ofWhat(world: Level): string {
  return ` ${presentationOf(world).words.range}`;
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
    if (share > most) [said, most] = [`${Math.round(100 * share)} % ${key}`, share];
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
  return `You: ${you}. The learner: ${it}.`;
}
