import * as z from "zod";
import { numbers } from "../lesson/fields.ts";
import { plannedLevel } from "../lesson/plan.ts";

/** What happens in a class is an append-only log of these; what a class is now is their fold (`schoolClass.ts`). */

const number = z.int().positive();
const pupil = { pupil: number };
const score = z.number();

/** What the class's learner came to. Means what `Comparison` says, where there is a field of the same name. */
const compared = z.object({
  pupils: z.array(number).readonly(),
  /** Of each of these pupils the lesson's event by which the newest learner was trained. */
  basis: z.array(z.int().min(0)).readonly(),
  labels: z.int().min(0),
  starts: z.int().min(1),
  scores: z.object({
    mean: score,
    best: score,
    bestPupil: number,
    pooled: score,
    agreed: score,
  }),
  weights: numbers,
  swaps: z.array(z.object({ pupil: number, labelsOf: number, score, own: score })).readonly(),
  /** How far the learners are apart at the world's viewpoints, see `DisagreementMap`. */
  apart: numbers,
  pooledApart: numbers,
});
export type Compared = z.infer<typeof compared>;

export const classEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("created"), code: z.string(), level: plannedLevel }),
  /** Somebody came. The event's number is theirs from now on. */
  z.object({
    type: z.literal("joined"),
    nickname: z.string(),
    /** SHA-256, hex, of the key by which their page knows that it was them. */
    key: z.string(),
  }),
  z.object({
    type: z.literal("renamed"),
    ...pupil,
    nickname: z.string(),
    by: z.literal(["pupil", "teacher"]),
  }),
  /** Whether somebody new may come. */
  z.object({ type: z.literal("door"), open: z.boolean() }),
  /** The teacher took somebody out of the class, or let them in again. */
  z.object({ type: z.literal("removed"), ...pupil }),
  z.object({ type: z.literal("readmitted"), ...pupil }),
  z.object({ type: z.literal("frozen") }),
  z.object({ type: z.literal("released") }),
  /** All may go as far as this step, an index of `stepsOf`; null where each goes on as they like. */
  z.object({ type: z.literal("stepped"), step: z.int().min(0).nullable() }),
  /** There are so many rounds of correcting from now on. */
  z.object({ type: z.literal("prolonged"), rounds: z.int().min(1) }),
  /** When the time for what is done now is over, and everybody stops, ms since 1970; null where it has no end. */
  z.object({ type: z.literal("timed"), until: z.int().nullable() }),
  z.object({ type: z.literal("names"), hidden: z.boolean() }),
  z.object({ type: z.literal("shown"), pupil: number.nullable() }),
  z.object({
    type: z.literal("guessed"),
    ...pupil,
    about: z.literal(["clone", "corrected"]),
    score: z.number(),
    /** Whether they went on without a guess; then the score says nothing. */
    without: z.literal(true).optional(),
  }),
  compared.extend({ type: z.literal("compared") }),
  z.object({ type: z.literal("ended") }),
]);
export type ClassEventBody = z.infer<typeof classEvent>;

export type ClassEvent = ClassEventBody & { readonly seq: number; readonly at: number };
