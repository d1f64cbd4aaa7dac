import * as z from "zod";
import { plannedLevel } from "../lesson/plan.ts";
import { lessonSecret } from "../lesson/protocol.ts";
import { nickname } from "./nickname.ts";
import { type ReadyPlanName, readyPlanNames } from "./plans.ts";

/** What pages ask of a class, by HTTP. A refusal is `{code, reason}`, with a status, as everywhere. */

/** Body of `POST /api/classes`; the answer, 201, is a {@link BegunClass}. */
export const newClass = z.union([
  z.strictObject({ plan: z.enum(readyPlanNames as [ReadyPlanName, ...ReadyPlanName[]]) }),
  z.strictObject({ level: plannedLevel }),
]);
export type NewClass = z.infer<typeof newClass>;

export interface BegunClass {
  /** The class's address: whoever has it may look on. 128 random bits, base64url. */
  readonly id: string;
  /** Told once, to whoever began it: lets one lead the class. */
  readonly secret: string;
  readonly code: string;
}

/** Body of `POST /api/classes/join`; the answer is a {@link PupilView}. Asked again with the same key, it is the same pupil. */
export const joinClass = z.strictObject({
  /** As it was typed. */
  code: z.string().max(100),
  nickname,
  /** 128 random bits, base64url, which the page keeps until it has the answer. */
  key: lessonSecret,
});

const pupil = z.int().positive();
const laps = z.number().min(0).max(1000);

/** Body of `POST /api/classes/ID/pupil`; the answer is a {@link PupilView}. */
export const pupilRequest = z.strictObject({
  pupil,
  secret: lessonSecret,
  request: z.discriminatedUnion("type", [
    /** Comes back, with the link that is theirs. */
    z.strictObject({ type: z.literal("enter") }),
    z.strictObject({ type: z.literal("rename"), nickname }),
    /** How far they think that a learner will get, before they see it; the last word counts. Null goes on without. */
    z.strictObject({
      type: z.literal("guess"),
      about: z.literal(["clone", "corrected"]),
      score: laps.nullable(),
    }),
  ]),
});
export type PupilRequest = z.infer<typeof pupilRequest>["request"];

export interface PupilView {
  readonly class: string;
  readonly pupil: number;
  /** Theirs, for their own link. */
  readonly secret: string;
  readonly title: string;
  readonly nickname: string;
  /** What lets them teach in their lesson. */
  readonly lesson: { readonly id: string; readonly secret: string };
}

/** Body of `POST /api/classes/ID`; the answer is a {@link TeacherView}. All say what is to be, so that twice is as once. */
export const teacherRequest = z.strictObject({
  secret: lessonSecret,
  request: z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("look") }),
    z.strictObject({ type: z.literal("freeze"), frozen: z.boolean() }),
    /** The last step that all may do, an index of `stepsOf`; null lets each go on as they like. */
    z.strictObject({ type: z.literal("step"), step: z.int().min(0).max(100).nullable() }),
    /** Rounds of correcting from now on: no fewer than there are. */
    z.strictObject({ type: z.literal("rounds"), rounds: z.int().min(1).max(50) }),
    /** Seconds from now, after which everybody stops; null takes the time away. The same within 15 s is the same request, which came twice. */
    z.strictObject({ type: z.literal("time"), seconds: z.int().min(1).max(14_400).nullable() }),
    z.strictObject({ type: z.literal("names"), hidden: z.boolean() }),
    /** Whether somebody new may come; who is in the class comes back in any case. */
    z.strictObject({ type: z.literal("door"), open: z.boolean() }),
    /** Shows a pupil's crash and repair to all; null shows nobody's. */
    z.strictObject({ type: z.literal("show"), pupil: pupil.nullable() }),
    z.strictObject({ type: z.literal("rename"), pupil, nickname }),
    /** Takes a pupil out of the class, or lets them in again: nothing of their lesson is deleted. */
    z.strictObject({ type: z.literal("remove"), pupil, removed: z.boolean() }),
    /** Trains the class's learner; the room's state says when it is done. */
    z.strictObject({ type: z.literal("compare") }),
    /** All tables as CSV, and the class's log. */
    z.strictObject({ type: z.literal("tables") }),
    z.strictObject({ type: z.literal("end") }),
  ]),
});
export type TeacherRequest = z.infer<typeof teacherRequest>["request"];

export interface TeacherView {
  readonly id: string;
  readonly title: string;
  readonly level: z.output<typeof plannedLevel>;
  /** Null once the class has ended. */
  readonly code: string | null;
  /** Whether the teacher has shut the door to whoever is new. */
  readonly isShut: boolean;
  /** When it began, and when it is forgotten, ms since 1970. */
  readonly began: number;
  readonly forgotten: number;
  /** The server's clock, likewise. */
  readonly now: number;
  /** Everybody who came, with their names, hidden or not. */
  readonly pupils: readonly {
    readonly number: number;
    readonly nickname: string;
    readonly isRemoved: boolean;
    /** Address of the lesson, to look on. */
    readonly lesson: string;
  }[];
  /** By name of the file, where they were asked for. */
  readonly tables?: Readonly<Record<string, string>>;
}
