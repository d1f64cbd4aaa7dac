import { recall, remember } from "../browser/local-storage.ts";

const lessonKey = "dagger-dojo.last-lesson";
const secretKey = (lesson: string) => `dagger-dojo.secret.${lesson}`;

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
