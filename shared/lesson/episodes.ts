import * as z from "zod";
import { contains } from "../spaces.ts";
import { type Episode, replay } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import type { Level } from "../worlds/level.ts";
import { numbers } from "./fields.ts";
import type { Lesson } from "./lesson.ts";
import { firstOpenSeed } from "./protocol.ts";
import { type Refusal, refusal } from "./refusal.ts";

/** Demonstrations in a lesson, and drives that correct a round: each further event has to look at all of them. */
export const mostDrives = 1000;

/** An episode as it is sent. */
export const episode: z.ZodType<Episode> = z.strictObject({
  world: z.enum(Object.keys(worlds)),
  seed: z.int().min(0).max(0xffffffff),
  actions: z.array(z.number()).min(1).max(4096),
  controllers: z
    .array(z.literal([0, 1]))
    .min(1)
    .max(2048),
});

/** An episode as it is stored. */
export const storedEpisode: z.ZodType<Episode, Episode> = z.object({
  world: z.string(),
  seed: z.int(),
  actions: numbers,
  controllers: numbers,
});

/**
 * Why `episode` cannot be one of the lesson's world, on a seed that is open; null where it can.
 * @param world where it must have been driven
 */
export function refuseEpisode(
  lesson: Lesson,
  episode: Episode,
  world: Level = worlds[lesson.world]!,
): Refusal | null {
  const size = episode.actions.length / episode.controllers.length;
  if (episode.world !== world.name)
    return refusal("bad-episode", `This lesson is about ${world.name}.`);
  if (episode.seed < firstOpenSeed)
    return refusal("bad-episode", "This seed is held out for measuring.");
  for (let t = 0; t < episode.controllers.length; t++) {
    if (!contains(world.action, episode.actions.slice(t * size, (t + 1) * size))) {
      return refusal("bad-action", `Step ${t} has an action that ${world.name} does not have.`);
    }
  }
  try {
    replay(world, episode);
  } catch (error) {
    return refusal("bad-episode", `Not an episode of ${world.name}: ${(error as Error).message}.`);
  }
  return null;
}

/** Why a round can take no further drive that corrects it; null where it can. */
export function refuseCorrection({ rounds }: Lesson, round: number): Refusal | null {
  const last = rounds.at(-1);
  if (!last || round !== rounds.length - 1) return refusal("stale-round", "This round has passed.");
  const { interventions, shadows } = last;
  return interventions.length + shadows.length < mostDrives
    ? null
    : refusal("full", `A round has at most ${mostDrives} drives; train again, or take some back.`);
}
