import * as z from "zod";
import { mostSteps } from "../imitation/endurance.ts";
import type { Episode } from "../worlds/episode.ts";

/** Seeds below this are held out: learners are measured on them and nobody demonstrates on them. */
export const firstOpenSeed = 1024;
/** How many held-out seeds a learner is measured on. */
export const nHeldOut = 20;
/** The seeds that a learner is measured on. */
export const heldOutSeeds: readonly number[] = Array.from({ length: nHeldOut }, (_, i) => i);
/** The seeds by which the best of a lesson's learners is chosen: held out as well, and other ones. */
export const validationSeeds: readonly number[] = Array.from(
  { length: 60 },
  (_, i) => firstOpenSeed / 2 + i,
);
/**
 * Steps of a validation after which no other start is begun: 20 drives of a learner that holds, and up to 60
 * of one that falls soon, of which the median is less sure and the drives are short.
 */
export const validationSteps = 20 * mostSteps;
/** How fast a drive may be played to whoever shadows it, as shares of the world's own pace. */
export const shadowSpeeds = [0.5, 0.75, 1] as const;
/** Largest message that a client may send, bytes. */
export const maxPayload = 64 * 1024;
/** Most bytes of events, as JSON, that one answer brings; the rest is for another. */
export const pageSize = 64 * 1024;

/** Address of a lesson, by which anyone may look on: 128 random bits, base64url. */
export const lessonId = z.string().regex(/^[\w-]{22}$/);
/** What lets one teach in a lesson, likewise. */
export const lessonSecret = z.string().regex(/^[\w-]{22}$/);

/** What one joins the room `lesson` with. Without the secret, or with another, one looks on. */
export const entry = z.strictObject({ lesson: lessonId, secret: lessonSecret.optional() });
export type Entry = z.infer<typeof entry>;

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
/** Message from the room to everyone in it when a program outside asks for what it is to learn from, or sends a network. */
export const outsideMessage = "outside";
export interface Outside {
  /** Why what it sent was not taken; none where it was, and where it asked for something. */
  readonly complaint?: string;
}
/** Message from the room to everyone in it while it computes. */
export const progressMessage = "progress";
export interface Progress {
  readonly work: "train" | "infer";
  /** Share done, in [0, 1]; null when it is over. */
  readonly share: number | null;
  /** Its place among those that wait for a thread, 1 for next; none while it is under way. */
  readonly place?: number;
  /** Whether nobody is there to do it; it waits for somebody to come. */
  readonly nobody?: true;
  /** What the work was asked for under, by which it can be stopped; none once it is over. */
  readonly key?: string;
}
