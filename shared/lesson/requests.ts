import * as z from "zod";
import * as kinds from "./events/index.ts";
import { key } from "./fields.ts";
import type { NewEvent } from "./fold.ts";
import type { Lesson } from "./lesson.ts";
import { refuseByPlan } from "./locks.ts";
import { firstOpenSeed } from "./protocol.ts";
import { type Refusal, refusal } from "./refusal.ts";

type Kinds = typeof kinds;

/** Every request that changes a lesson, by name: the kind of event that it becomes. */
type Changes = {
  [T in keyof Kinds as Kinds[T] extends { request: { name: infer N extends string } }
    ? N
    : never]: Kinds[T];
};

/** Name of a request that changes the lesson. */
export type ChangeName = keyof Changes;

/** Name of one for which work has to be done first. */
export type WorkName = {
  [N in ChangeName]: Changes[N] extends { refuse: unknown } ? N : never;
}[ChangeName];

/** Name of one that becomes an event as soon as it is decided. */
export type InstantName = Exclude<ChangeName, WorkName>;

/** Requests that become events, by name: the kinds of these events. */
export const changes = Object.fromEntries(
  Object.values(kinds).flatMap((kind) => ("request" in kind ? [[kind.request.name, kind]] : [])),
) as Changes;

export const instantNames = Object.entries(changes).flatMap(([name, kind]) =>
  "refuse" in kind ? [] : [name as InstantName],
);

/** What a request becomes, or why it may not. */
export function decide<N extends InstantName>(
  name: N,
  lesson: Lesson,
  request: Request<N>,
): NewEvent | Refusal {
  const kind = changes[name] as {
    decide(lesson: Lesson, request: Request<InstantName>): NewEvent | Refusal;
  };
  return refuseByPlan(lesson, name, request) ?? kind.decide(lesson, request);
}

type ChangeSchemas = { [N in ChangeName]: Changes[N]["request"]["schema"] };

const changeSchemas = Object.fromEntries(
  Object.entries(changes).map(([name, { request }]) => [name, request.schema]),
) as ChangeSchemas;

/** What a client may ask of the room `lesson`. The answer to a change comes once it is on disk. */
export const requests = {
  ...changeSchemas,
  /** The events after `since`; the answer is a {@link Page}. */
  events: z.strictObject({ since: z.int().min(0) }),
  /** What the last round learned. Changes nothing; the answer is a {@link LearnedPolicy}. */
  policy: z.strictObject({}),
  /**
   * Breaks off the work that was asked for under `key`. Where there is none, none needs stopping, so
   * that a second time changes nothing. The request that asked for it is refused as "stopped".
   */
  stop: z.strictObject({ key }),
  /** What the learner, and the clone that it was, do on a fresh seed. Changes nothing, so a key says nothing. */
  race: z.strictObject({ key: key.optional(), seed: z.int().min(0).max(0xffffffff) }),
} as const;

export type RequestName = keyof typeof requests;
export type Request<N extends RequestName> = z.infer<(typeof requests)[N]>;

/** Requests that anyone who has the lesson's address may make; all others are its owner's. */
const open: readonly string[] = ["events", "policy", "race"] satisfies RequestName[];

export function isOpen(name: RequestName): boolean {
  return open.includes(name);
}

/** Why the work for a request is not to be begun; null where it is. */
export function refuseWork<N extends WorkName>(
  name: N,
  lesson: Lesson,
  request: Request<N>,
): Refusal | null {
  const kind = changes[name] as {
    refuse(lesson: Lesson, request: Request<WorkName>): Refusal | null;
  };
  return refuseByPlan(lesson, name, request) ?? kind.refuse(lesson, request);
}

/** Why there is no policy to be had; null where there is. */
export function refusePolicy(lesson: Lesson): Refusal | null {
  return lesson.rounds.length === 0
    ? refusal("no-rounds", "No learner has been trained yet.")
    : null;
}

/** Why there is no race on `seed`; null where there is. */
export function refuseRace(lesson: Lesson, seed: number): Refusal | null {
  if (lesson.rounds.length === 0) return refusal("no-rounds", "There is no learner yet.");
  return seed < firstOpenSeed
    ? refusal("bad-episode", "This seed is held out for measuring.")
    : null;
}
