import { dagger } from "../imitation/dagger.ts";
import { human } from "../imitation/experts.ts";
import type { Hands } from "../imitation/hands.ts";
import { demonstrate } from "../imitation/rollout.ts";
import { firstOpenSeed } from "../lesson/protocol.ts";
import type { Policy, PolicyKind } from "../policies/policy.ts";
import { queries } from "../queries/index.ts";
import { Stream, seeded } from "../random.ts";
import { replay } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import { demonstrationWorld, type Level } from "../worlds/level.ts";

/** What people answer in a round of a lesson, of how many drives. */
export const asked = { budget: 12, drives: 2 };

/** Worlds in which people are late by their nerves' time. */
export const running: Readonly<Record<string, Level>> = Object.fromEntries(
  Object.entries(worlds).filter(([, { steering }]) => steering.pace === "runs"),
);

/** Steps of a running world in so many seconds. */
export function stepsOf({ steering }: Level, seconds: number): number {
  return steering.pace === "runs" ? Math.round(seconds * steering.stepsPerSecond) : 0;
}

/**
 * What is learned in the lesson of a simulated person: from one demonstration, and from the answers of each
 * round after it, which they give in stopped time, without their lag.
 * @param person from which all is drawn
 * @param kindFor what learns, told what the lesson would draw from
 * @returns [rounds + 1] policies, the first of them the clone
 */
export function policiesTaught(
  world: Level,
  hands: Hands,
  kindFor: (learning: number) => PolicyKind,
  rounds: number,
  person: number,
): Policy[] {
  const expert = human(world, { ...hands, inconsistency: 0, temperature: 0 });
  const random = seeded(person, Stream.expert);
  const learning = random.below(2 ** 31);
  const first = firstOpenSeed + random.below(2 ** 32 - firstOpenSeed);
  const place = demonstrationWorld(world);
  const drive = demonstrate(place, first, expert.drives(seeded(first, Stream.expert)));
  const method = { kind: kindFor(learning), query: queries.novel!, ...asked };
  const shown = [replay(place, drive)];
  const policies: Policy[] = [];
  for (const { policy } of dagger(world, shown, method, expert, learning, firstOpenSeed)) {
    policies.push(policy);
    if (policies.length > rounds) break;
  }
  return policies;
}
