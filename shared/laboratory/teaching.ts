import { dagger } from "../imitation/dagger.ts";
import { type Expert, human } from "../imitation/experts.ts";
import type { Hands } from "../imitation/hands.ts";
import { demonstrate } from "../imitation/rollout.ts";
import { firstOpenSeed } from "../lesson/protocol.ts";
import type { Policy, PolicyKind } from "../policies/policy.ts";
import { queries } from "../queries/index.ts";
import { type Random, Stream, seeded } from "../random.ts";
import { replay, type Trajectory } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import { demonstrationWorld, type Level } from "../worlds/level.ts";
import { Outcome } from "../worlds/world.ts";

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

/** A start that no learner is tried from. */
export function openStart(random: Random): number {
  return firstOpenSeed + random.below(2 ** 32 - firstOpenSeed);
}

/** A simulated person who has shown one drive, and what is drawn for the rest of their lesson. */
export interface Person {
  readonly expert: Expert;
  readonly shown: Trajectory;
  readonly seed: number;
}

/**
 * @param late seconds between seeing and steering
 * @param person from which all is drawn
 */
export function personWith(world: Level, noise: number, late: number, person: number): Person {
  const lag = stepsOf(world, late);
  const expert = human(world, { noise, lag, inconsistency: 0, temperature: 0 });
  const random = seeded(person, Stream.expert);
  const shown = showing(world, expert, openStart(random));
  return { expert, shown, seed: random.below(2 ** 31) };
}

/** Further demonstrations of theirs, until these have so many steps. */
export function showingMore(world: Level, { expert, seed }: Person, steps: number): Trajectory[] {
  const random = seeded(seed, Stream.query);
  const more: Trajectory[] = [];
  for (let given = 0; given < steps; given += more.at(-1)!.length)
    more.push(showing(world, expert, openStart(random)));
  return more;
}

function showing(world: Level, expert: Expert, start: number): Trajectory {
  const place = demonstrationWorld(world);
  const driver = expert.drives(seeded(start, Stream.expert));
  return replay(place, demonstrate(place, start, driver));
}

/** Falls in all of these drives. */
export function fallsIn(drives: readonly Trajectory[]): number {
  return drives.flatMap(({ outcomes }) => [...outcomes]).filter((o) => o === Outcome.fell).length;
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
  const first = openStart(random);
  const method = { kind: kindFor(learning), query: queries.novel!, ...asked };
  const shown = [showing(world, expert, first)];
  const policies: Policy[] = [];
  for (const { policy } of dagger(world, shown, method, expert, learning, firstOpenSeed)) {
    policies.push(policy);
    if (policies.length > rounds) break;
  }
  return policies;
}
