import * as z from "zod";
import type { Level } from "../../shared/worlds/level.ts";
import { isBetter, type Score } from "../../shared/worlds/measure.ts";
import { recall, remember } from "../browser/local-storage.ts";

const recordKey = (world: string) => `dagger-dojo.record.${world}`;

/** What is to be beaten on a level, in this browser. */
export interface Record {
  /** The person's best demonstration; null before the first. */
  readonly yours: Score | null;
  /** The best mean of the world's measure over held-out starts that a learner of theirs had. */
  readonly learners: number | null;
}

const record: z.ZodType<Record> = z.object({
  yours: z.object({ ranks: z.array(z.number()).min(1), words: z.string().max(80) }).nullable(),
  learners: z.number().nullable(),
});
const noRecord: Record = { yours: null, learners: null };

/** What has been reached in this world so far. */
export function recordOf(world: string): Record {
  try {
    return record.parse(JSON.parse(recall(recordKey(world)) ?? "null") ?? noRecord);
  } catch {
    return noRecord;
  }
}

/** Keeps a score if it is the best so far; returns whether it is. */
export function keepScore({ name }: Level, score: Score): boolean {
  const before = recordOf(name);
  if (!isBetter(score, before.yours)) return false;
  remember(recordKey(name), JSON.stringify({ ...before, yours: score }));
  return true;
}

/** Keeps what a learner measured if none has been better. */
export function keepLearners({ name, measure }: Level, mean: number): void {
  const before = recordOf(name);
  const sign = measure.better === "fewer" ? 1 : -1;
  if (before.learners !== null && sign * mean >= sign * before.learners) return;
  remember(recordKey(name), JSON.stringify({ ...before, learners: mean }));
}
