import * as z from "zod";
import type { Level } from "../shared/worlds/level.ts";
import { isBetter, type Score } from "../shared/worlds/measure.ts";

const lessonKey = "dagger-dojo.last-lesson";
const secretKey = (lesson: string) => `dagger-dojo.secret.${lesson}`;
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

/** The lesson that was open last in this browser; null where there is none, or none may be remembered. */
export function lastLesson(): string | null {
  return recall(lessonKey);
}

export function rememberLesson(id: string): void {
  remember(lessonKey, id);
}

/** Secrets that this page has come by, for browsers that keep nothing, or another one. */
const secrets = new Map<string, string>();

/** What lets one teach in a lesson; undefined where this browser has only its address. */
export function secretOf(lesson: string): string | undefined {
  return secrets.get(lesson) ?? recall(secretKey(lesson)) ?? undefined;
}

/**
 * Keeps it if it can be one at all. Where there is one already it is not replaced before
 * {@link judgeSecret}: a link with a wrong one would take away the right to teach for good.
 */
export function keepSecret(lesson: string, secret: string): void {
  if (!/^[\w-]{22}$/.test(secret)) return;
  secrets.set(lesson, secret);
  if (recall(secretKey(lesson)) === null) remember(secretKey(lesson), secret);
}

/** Whether the secret that lets one teach in a lesson, if there is one, outlives this page. */
export function isSecretKept(lesson: string): boolean {
  return !secrets.has(lesson) || secrets.get(lesson) === recall(secretKey(lesson));
}

/**
 * Keeps the secret that one came in with where it lets one teach, in place of any other.
 * @returns whether it does not, and there is another, which is the one to try now
 */
export function judgeSecret(lesson: string, owner: boolean): boolean {
  if (isSecretKept(lesson)) return false;
  if (owner) remember(secretKey(lesson), secrets.get(lesson)!);
  const another = !owner && recall(secretKey(lesson)) !== null;
  if (another) secrets.delete(lesson);
  return another;
}

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

/** Names, in order, that begin with `prefix`, of what this browser keeps. */
export function namesOf(prefix: string): string[] {
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(prefix))
      .sort();
  } catch {
    return [];
  }
}

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Returns whether it is kept: storage may be full, or refused altogether. */
export function remember(key: string, value: string): boolean {
  try {
    localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

export function forget(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Then nothing was kept.
  }
}
