import * as z from "zod";
import { recall, remember } from "../browser/local-storage.ts";
import { random128 } from "../browser/platform.ts";

/** What this browser keeps of classes: the teacher's secret, pupils' own, and who came by which code. */

const teacherKey = (id: string) => `dagger-dojo.class.${id}`;
const pupilKey = (id: string, pupil: number) => `dagger-dojo.class.${id}.${pupil}`;
const comingKey = (code: string) => `dagger-dojo.code.${code}`;

/** Those of this page, for browsers that keep nothing. */
const here = new Map<string, string>();

function read(key: string): string | null {
  return here.get(key) ?? recall(key);
}

function keep(key: string, value: string): void {
  here.set(key, value);
  remember(key, value);
}

/** What lets one lead a class; null where this browser has only its address. */
export function classSecret(id: string): string | null {
  return read(teacherKey(id));
}

export function keepClassSecret(id: string, secret: string): void {
  keep(teacherKey(id), secret);
}

/** What lets one be a pupil of a class; null where this browser does not have it. */
export function pupilSecret(id: string, pupil: number): string | null {
  return read(pupilKey(id, pupil));
}

export function keepPupil(id: string, pupil: number, secret: string): void {
  keep(pupilKey(id, pupil), secret);
}

/** Somebody who comes, or came, by a code. */
const coming = z.object({
  /** By which the server knows them again, where its answer was lost. */
  key: z.string(),
  /** Where they are since; null before they came in. */
  seat: z.object({ class: z.string(), pupil: z.number(), nickname: z.string() }).nullable(),
});
export type Coming = z.infer<typeof coming>;

/** Who comes from this browser by a code: known before they first ask, so that asking twice is coming once. */
export function comingBy(code: string): Coming {
  try {
    const kept = coming.safeParse(JSON.parse(read(comingKey(code)) ?? "null"));
    if (kept.success) return kept.data;
  } catch {
    // Then somebody new comes.
  }
  return comeAnew(code);
}

/** Somebody else comes from this browser. */
export function comeAnew(code: string): Coming {
  return keepComing(code, { key: random128(), seat: null });
}

export function keepComing(code: string, who: Coming): Coming {
  keep(comingKey(code), JSON.stringify(who));
  return who;
}

const lastKey = "dagger-dojo.last-class";

/** The class that was led last from this browser; null where there is none. */
export function lastClass(): string | null {
  return read(lastKey);
}

export function rememberClass(id: string): void {
  keep(lastKey, id);
}
