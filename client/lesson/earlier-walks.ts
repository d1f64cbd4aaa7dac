import * as z from "zod";
import { storedEpisode } from "../../shared/lesson/episodes.ts";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import { type Episode, replay } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { recall, remember } from "../browser/local-storage.ts";

/** What the same person showed in another lesson, whose reward is that of this one. */
export interface EarlierWalks {
  /** Key in the registry of worlds. */
  readonly world: string;
  /** Key in the world's tastes; null where they played their own. */
  readonly taste: string | null;
  readonly episodes: readonly Episode[];
}

const earlierKey = (lesson: string) => `dagger-dojo.earlier.${lesson}`;

/** The last of so many lessons, and of each of them so many walks: a solve grows with both. */
const mostLessons = 3;
const mostWalks = 30;

const stored = z
  .array(
    z.object({
      world: z.string(),
      taste: z.string().nullable(),
      episodes: z.array(storedEpisode).max(mostWalks).readonly(),
    }),
  )
  .max(mostLessons);

/** Those of lessons that this page has begun, for browsers that keep nothing. */
const begun = new Map<string, readonly EarlierWalks[]>();

/**
 * Has a new lesson go on from another: what was walked there, and before, counts here too. It is a copy that stays in this
 * browser, so that it is the same whatever becomes of the other lesson, and nothing of it is in this lesson's log.
 */
export function goOnFrom(from: { id: string; lesson: Lesson }, lesson: string): void {
  const { world, taste, demonstrations } = from.lesson;
  const episodes = demonstrations.slice(-mostWalks).map(({ episode }) => episode);
  const all = [...earlierOf(from.id, from.lesson), { world, taste, episodes }].slice(-mostLessons);
  begun.set(lesson, all);
  remember(earlierKey(lesson), JSON.stringify(all));
}

/** What was walked before a lesson began, after the taste that the lesson has by now, in worlds with the same tastes. */
export function earlierOf(id: string, { world, taste }: Lesson): EarlierWalks[] {
  const { tastes } = worlds[world]!;
  if (!tastes) return [];
  return keptFor(id)
    .filter((walks) => walks.taste === taste && worlds[walks.world]?.tastes === tastes)
    .map((walks) => ({ ...walks, episodes: walks.episodes.filter(isWalkIn(walks.world)) }))
    .filter(({ episodes }) => episodes.length > 0);
}

function keptFor(lesson: string): readonly EarlierWalks[] {
  const here = begun.get(lesson);
  if (here) return here;
  try {
    return stored.parse(JSON.parse(recall(earlierKey(lesson)) ?? "[]"));
  } catch {
    return [];
  }
}

/** Whether its world can still be walked like that: it may have been another when the walk was kept. */
const isWalkIn = (world: string) => (episode: Episode) => {
  if (episode.world !== world) return false;
  try {
    replay(worlds[world]!, episode);
    return true;
  } catch {
    return false;
  }
};
