import * as z from "zod";
import type { Level } from "../../shared/worlds/level.ts";
import { isBetter, type Score } from "../../shared/worlds/measure.ts";
import { recall, remember } from "../browser/local-storage.ts";

const recordKey = (world: string) => `dagger-dojo.record.${world}`;

/** What is to be beaten on a level, in this browser. */
export interface Record {
  /** The person's best demonstration; null before the first. */
  readonly yours: Score | null;
  /** The best that was told of a learner of theirs, by the number that Watch tells. */
  readonly learner: { readonly value: number; readonly words: string } | null;
}

const record: z.ZodType<Record> = z.object({
  yours: z.object({ ranks: z.array(z.number()).min(1), words: z.string().max(80) }).nullable(),
  // Records of before it was told as on Watch have none.
  learner: z
    .object({ value: z.number(), words: z.string().max(80) })
    .nullable()
    .default(null),
});
const noRecord: Record = { yours: null, learner: null };

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
  // One that was kept when the level was measured otherwise is not to be compared.
  const isLike = before.yours?.ranks.length === score.ranks.length;
  if (!isBetter(score, isLike ? before.yours : null)) return false;
  remember(recordKey(name), JSON.stringify({ ...before, yours: score }));
  return true;
}

/**
 * Keeps what is told of a learner if none has been better.
 * @param told its number, and the words for it: "7.3 laps before the first crash"
 */
export function keepLearner(
  { name }: Level,
  { value, words, better }: NonNullable<Record["learner"]> & { better: "fewer" | "more" },
): void {
  const before = recordOf(name);
  const sign = better === "fewer" ? 1 : -1;
  if (before.learner !== null && sign * value >= sign * before.learner.value) return;
  remember(recordKey(name), JSON.stringify({ ...before, learner: { value, words } }));
}
