import * as z from "zod";
import { firstTouch, reactionLag } from "../imitation/lag.ts";
import { policyKinds } from "../policies/index.ts";
import { lessonQueries } from "../queries/index.ts";
import { contains, width } from "../spaces.ts";
import { Controller, type Episode, replay } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import type { Lesson, LessonEvent, NewEvent, Plan } from "./lesson.ts";

/** Seeds below this are held out: learners are measured on them and nobody demonstrates on them. */
export const firstOpenSeed = 1024;
/** How many held-out seeds a learner is measured on. */
export const nHeldOut = 20;
/** How fast a drive may be played to whoever shadows it, as shares of the world's own pace. */
export const shadowSpeeds = [0.5, 0.75, 1] as const;
/** Largest message that a client may send, bytes. */
export const maxPayload = 64 * 1024;
/** Most bytes of events, as JSON, that one answer brings; the rest is for another. */
export const pageSize = 64 * 1024;

/** Chosen by whoever asks, once for each request: sent again, the request is answered but not done again. */
const key = z.string().regex(/^[\w-]{8,64}$/);
const seq = z.int().positive();
const action: z.ZodType<readonly number[]> = z.array(z.number()).min(1).max(8);

/** Key in a world's tastes. */
const taste = z.string().max(32);

/** Address of a lesson, by which anyone may look on: 128 random bits, base64url. */
export const lessonId = z.string().regex(/^[\w-]{22}$/);
/** What lets one teach in a lesson, likewise. */
export const lessonSecret = z.string().regex(/^[\w-]{22}$/);

export const episode: z.ZodType<Episode> = z.strictObject({
  world: z.enum(Object.keys(worlds)),
  seed: z.int().min(0).max(0xffffffff),
  actions: z.array(z.number()).min(1).max(4096),
  controllers: z
    .array(z.literal([0, 1]))
    .min(1)
    .max(2048),
});

export const plan = z.strictObject({
  policy: z.enum(Object.keys(policyKinds)),
  query: z.enum(Object.keys(lessonQueries)),
  budget: z.int().min(1).max(1000),
  drives: z.int().min(1).max(10),
  spare: z.int().min(0).max(4).optional(),
  repeats: z.number().min(0).max(0.2).optional(),
});

/** What a client may ask of the room `lesson`. The answer comes once it is on disk. */
export const requests = {
  /** The events after `since`; the answer is a {@link Page}. */
  events: z.strictObject({ since: z.int().min(0) }),
  deal: z.strictObject({ key, taste: taste.nullable() }),
  demonstrate: z.strictObject({ key, episode }),
  forget: z.strictObject({ key, demonstration: seq }),
  train: z.strictObject({ key, plan }),
  label: z.strictObject({ key, round: z.int().min(0), index: z.int().min(0), action }),
  undo: z.strictObject({ key, round: z.int().min(0), index: z.int().min(0) }),
  intervene: z.strictObject({ key, round: z.int().min(0), episode }),
  shadow: z.strictObject({
    key,
    round: z.int().min(0),
    drive: z.int().min(0),
    actions: z.array(z.number()).min(1).max(4096),
    speed: z.literal(shadowSpeeds),
  }),
  /** Takes back an intervention or a shadow. */
  retract: z.strictObject({ key, correction: seq }),
  /** What the last round learned. Changes nothing; the answer is a {@link LearnedPolicy}. */
  policy: z.strictObject({}),
  infer: z.strictObject({ key }),
  /**
   * Breaks off the work that was asked for under `key`. Where there is none, none needs stopping, so
   * that a second time changes nothing. The request that asked for it is refused as "stopped".
   */
  stop: z.strictObject({ key }),
  /** What the learner, and the clone that it was, do on a fresh seed. Changes nothing, so a key says nothing. */
  race: z.strictObject({ key: key.optional(), seed: z.int().min(0).max(0xffffffff) }),
} as const;

export type RequestName = keyof typeof requests;
export type Request<K extends RequestName> = z.infer<(typeof requests)[K]>;

/** What one joins the room `lesson` with. Without the secret, or with another, one looks on. */
export const entry = z.strictObject({ lesson: lessonId, secret: lessonSecret.optional() });
export type Entry = z.infer<typeof entry>;

/** Requests that anyone who has the lesson's address may make; all others are its owner's. */
const open: readonly string[] = ["events", "policy", "race"] satisfies RequestName[];

export function isOpen(name: RequestName): boolean {
  return open.includes(name);
}

/** Body of `POST /api/lessons`; the answer is {@link Begun}. */
export const newLesson = z
  .strictObject({ world: z.enum(Object.keys(worlds)), taste: taste.nullish() })
  .refine(({ world, taste }) => taste == null || hasTaste(world, taste), "There is no such taste");

export type NewLesson = z.infer<typeof newLesson>;

/** A new lesson. */
export interface Begun {
  /** Its address. */
  readonly id: string;
  /** Told once, to whoever began it. */
  readonly secret: string;
}

/** The room's answer to `events`. */
export interface Page {
  /** JSON of an array of {@link LessonEvent}, in order and as stored; about {@link pageSize} of it. */
  readonly events: string;
  /** Whether there are more. */
  readonly more: boolean;
  /** Of the log: another one after a backup was restored, when the same numbers may mean other events. */
  readonly epoch: string;
  /** Whether whoever asked may teach. */
  readonly owner: boolean;
}

/** The room's answer to a request that changes the lesson: the event it became. */
export interface Done {
  readonly seq: number;
}

/** The room's answer to `race`. */
export interface Race {
  /** The first round's learner, then the last one's where there is another. */
  readonly episodes: readonly { readonly round: number; readonly episode: Episode }[];
}

/** The room's answer to `policy`. */
export interface LearnedPolicy {
  readonly round: number;
  /** A policy's JSON, as text. */
  readonly json: string;
}

/** Message from the room, to everyone in it, for each event once it is on disk: an {@link EventMessage}. */
export const eventMessage = "event";
/** JSON of a {@link LessonEvent}, as stored. */
export type EventMessage = string;
/** Message from the room to everyone in it while it computes. */
export const progressMessage = "progress";
export interface Progress {
  readonly work: "train" | "infer";
  /** Share done, in [0, 1]; null when it is over. */
  readonly share: number | null;
  /** Its place among those that wait for a thread, 1 for next; none while it is under way. */
  readonly place?: number;
  /** What the work was asked for under, by which it can be stopped; none once it is over. */
  readonly key?: string;
}

export type Refusal =
  | { readonly code: "malformed"; readonly reason: string }
  | { readonly code: "not-yours"; readonly reason: string }
  | { readonly code: "too-many"; readonly reason: string }
  | { readonly code: "spent"; readonly reason: string }
  | { readonly code: "full"; readonly reason: string }
  | { readonly code: "not-stored"; readonly reason: string }
  | { readonly code: "damaged"; readonly reason: string }
  | { readonly code: "bad-taste"; readonly reason: string }
  | { readonly code: "bad-episode"; readonly reason: string }
  | { readonly code: "bad-action"; readonly reason: string }
  | { readonly code: "unknown-demonstration"; readonly reason: string }
  | { readonly code: "unknown-correction"; readonly reason: string }
  | { readonly code: "no-demonstrations"; readonly reason: string }
  | { readonly code: "no-labels"; readonly reason: string }
  | { readonly code: "no-rounds"; readonly reason: string }
  | { readonly code: "stale-round"; readonly reason: string }
  | { readonly code: "out-of-order"; readonly reason: string }
  | { readonly code: "bad-plan"; readonly reason: string }
  | { readonly code: "other-request"; readonly reason: string }
  | { readonly code: "busy"; readonly reason: string }
  | { readonly code: "stopped"; readonly reason: string }
  | { readonly code: "too-long"; readonly reason: string }
  | { readonly code: "failed"; readonly reason: string };

function hasTaste(world: string, taste: string): boolean {
  return Object.hasOwn(worlds[world]!.tastes ?? {}, taste);
}

const refuse = (code: Refusal["code"], reason: string): Refusal => ({ code, reason });

/** Why `episode` cannot be one of the lesson's world, on a seed that is open; null where it can. */
function refuseEpisode(lesson: Lesson, episode: Episode): Refusal | null {
  const world = worlds[lesson.world]!;
  const size = episode.actions.length / episode.controllers.length;
  if (episode.world !== lesson.world)
    return refuse("bad-episode", `This lesson is about ${lesson.world}.`);
  if (episode.seed < firstOpenSeed)
    return refuse("bad-episode", "This seed is held out for measuring.");
  for (let t = 0; t < episode.controllers.length; t++) {
    if (!contains(world.action, episode.actions.slice(t * size, (t + 1) * size))) {
      return refuse("bad-action", `Step ${t} has an action that ${lesson.world} does not have.`);
    }
  }
  try {
    replay(world, episode);
  } catch (error) {
    return refuse("bad-episode", `Not an episode of ${lesson.world}: ${(error as Error).message}.`);
  }
  return null;
}

/** Demonstrations in a lesson, and drives that correct a round: each further event has to look at all of them. */
const mostDrives = 1000;

/** Rounds in a lesson, likewise. */
const mostRounds = 1000;

/** Why a round can take no further drive that corrects it; null where it can. */
function refuseCorrection({ rounds }: Lesson, round: number): Refusal | null {
  const last = rounds.at(-1);
  if (!last || round !== rounds.length - 1) return refuse("stale-round", "This round has passed.");
  const { interventions, shadows } = last;
  return interventions.length + shadows.length < mostDrives
    ? null
    : refuse(
        "full",
        `${mostDrives} drives are the most in a round; train again, or take some back.`,
      );
}

/** What was steered beside a drive, and how fast that was played. */
export interface Steered extends Pick<Request<"shadow">, "actions" | "speed"> {
  readonly episode: Episode;
}

/** By how many steps the hands were late, see {@link reactionLag}. It takes a person's notice. */
export function lagOf({ episode, actions, speed }: Steered): number {
  const world = worlds[episode.world]!;
  return reactionLag(world, replay(world, episode), actions, speed);
}

/**
 * The rules of a lesson that a schema cannot know, one function a request: what it becomes, or why
 * it may not be. Both sides use them, the server to decide and the browser to know beforehand.
 */
export const rules = {
  /** What was shown under one taste says nothing about another. */
  deal(lesson: Lesson, { taste }: { taste: string | null }): NewEvent | Refusal {
    if (lesson.demonstrations.length > 0)
      return refuse("bad-taste", "Delete your demonstrations first: they show another taste.");
    return taste === null || hasTaste(lesson.world, taste)
      ? { type: "dealt", taste }
      : refuse("bad-taste", `${lesson.world} has no such taste.`);
  },

  demonstrate(lesson: Lesson, { episode }: { episode: Episode }): NewEvent | Refusal {
    if (lesson.demonstrations.length >= mostDrives)
      return refuse("full", `${mostDrives} demonstrations are the most; delete some.`);
    const refusal = refuseEpisode(lesson, episode);
    if (refusal) return refusal;
    if (episode.controllers.some((controller) => controller !== Controller.expert)) {
      return refuse("bad-episode", "A demonstration is the expert's alone.");
    }
    return { type: "demonstrated", episode };
  },

  forget(lesson: Lesson, { demonstration }: { demonstration: number }): NewEvent | Refusal {
    return lesson.demonstrations.some((d) => d.seq === demonstration)
      ? { type: "forgotten", demonstration }
      : refuse(
          "unknown-demonstration",
          "There is no such demonstration; it may have been deleted already.",
        );
  },

  label(
    lesson: Lesson,
    { round, index, action }: { round: number; index: number; action: readonly number[] },
  ): NewEvent | Refusal {
    const current = lesson.rounds.at(-1);
    if (!current || round !== lesson.rounds.length - 1)
      return refuse("stale-round", "This round has passed.");
    if (index >= current.queries.length)
      return refuse("out-of-order", `Round ${round} asks ${current.queries.length} questions.`);
    if (index !== current.answers.length) {
      return refuse(
        "out-of-order",
        `The question to answer next is number ${current.answers.length + 1}.`,
      );
    }
    if (!contains(worlds[lesson.world]!.action, action)) {
      return refuse("bad-action", `${lesson.world} has no such action.`);
    }
    return { type: "labelled", round, index, action };
  },

  undo(lesson: Lesson, { round, index }: { round: number; index: number }): NewEvent | Refusal {
    const current = lesson.rounds.at(-1);
    if (!current || round !== lesson.rounds.length - 1)
      return refuse("stale-round", "This round has passed.");
    if (current.answers.length === 0)
      return refuse("out-of-order", "There is no answer to take back.");
    if (index !== current.answers.length - 1) {
      return refuse(
        "out-of-order",
        `The answer to take back first is number ${current.answers.length}.`,
      );
    }
    return { type: "undone", round, index };
  },

  /** HG-DAgger (Kelly et al. 2019): of a drive under two, what the expert did is what is learned. */
  intervene(
    lesson: Lesson,
    { round, episode }: { round: number; episode: Episode },
  ): NewEvent | Refusal {
    const refusal = refuseCorrection(lesson, round) ?? refuseEpisode(lesson, episode);
    if (refusal) return refusal;
    return episode.controllers.includes(Controller.expert)
      ? { type: "intervened", round, episode }
      : refuse("no-labels", "You never had the wheel, so there is nothing to learn from.");
  },

  /** @param lag as {@link lagOf} finds it, where it has been looked for already */
  shadow(
    lesson: Lesson,
    { round, drive, speed, actions }: Request<"shadow">,
    lag?: number,
  ): NewEvent | Refusal {
    const world = worlds[lesson.world]!;
    const refusal = refuseCorrection(lesson, round);
    if (refusal) return refusal;
    if (world.steering.pace === "waits")
      return refuse(
        "bad-episode",
        `${lesson.world} waits for each move: nobody can be late there.`,
      );
    const episode = lesson.rounds.at(-1)!.episodes[drive];
    if (!episode) return refuse("bad-episode", `Round ${round} has no drive ${drive}.`);
    const wide = width(world.action);
    const length = episode.controllers.length;
    if (actions.length !== length * wide)
      return refuse("bad-episode", `Drive ${drive} has ${length} steps, each of ${wide} numbers.`);
    for (let t = 0; t < length; t++) {
      if (!contains(world.action, actions.slice(t * wide, (t + 1) * wide))) {
        return refuse("bad-action", `Step ${t} has an action that ${lesson.world} does not have.`);
      }
    }
    if (firstTouch(world, actions) >= length)
      return refuse("no-labels", "You never moved the wheel, so there is nothing to learn from.");
    const found = lag ?? lagOf({ episode, actions, speed });
    return { type: "shadowed", round, drive, speed, lag: found, actions };
  },

  retract(lesson: Lesson, { correction }: { correction: number }): NewEvent | Refusal {
    const { interventions = [], shadows = [] } = lesson.rounds.at(-1) ?? {};
    return [...interventions, ...shadows].some(({ seq }) => seq === correction)
      ? { type: "retracted", correction }
      : refuse(
          "unknown-correction",
          "There is no such drive in this round; it may have been taken back already.",
        );
  },

  policy(lesson: Lesson): Refusal | null {
    return lesson.rounds.length === 0
      ? refuse("no-rounds", "No learner has been trained yet.")
      : null;
  },

  train(lesson: Lesson, { plan }: { plan: Plan }): Refusal | null {
    const needs = policyKinds[plan.policy]!.actions;
    if (lesson.demonstrations.length === 0)
      return refuse("no-demonstrations", "Demonstrate at least once first.");
    if (lesson.rounds.length >= mostRounds)
      return refuse("full", `${mostRounds} rounds are the most; start another lesson.`);
    return needs === worlds[lesson.world]!.action.kind
      ? null
      : refuse(
          "bad-plan",
          `${plan.policy} is for ${needs} actions, which ${lesson.world} does not have.`,
        );
  },

  infer(lesson: Lesson): Refusal | null {
    return lesson.demonstrations.length === 0
      ? refuse("no-demonstrations", "Demonstrate at least once first.")
      : null;
  },

  race(lesson: Lesson, { seed }: { seed: number }): Refusal | null {
    if (lesson.rounds.length === 0) return refuse("no-rounds", "There is no learner yet.");
    return seed < firstOpenSeed
      ? refuse("bad-episode", "This seed is held out for measuring.")
      : null;
  },
};

export function isRefusal(answer: object): answer is Refusal {
  return "code" in answer;
}
