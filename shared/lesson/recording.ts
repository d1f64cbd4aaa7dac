import * as z from "zod";
import { index, numbers } from "./fields.ts";
import { type Refusal, refusal } from "./refusal.ts";

/**
 * What a page measures of a person's hands beside what they do: when, with what, and whether something held
 * them up. Nothing is learned from it. Logs of before it, and pages that cannot tell, are without.
 */

/** With what a person steers or answers: "touch" is a finger on the stage or on the buttons for thumbs. */
export const inputKinds = ["keys", "mouse", "touch", "pen", "gamepad"] as const;
export type InputKind = (typeof inputKinds)[number];

/** Frames that are further apart than this are told, ms. */
export const longGap = 50;
/** Longest time that is told, ms: an hour. */
export const longestTime = 3_600_000;
/** Steps of a drive of which it is told that something held up the person. */
export const mostHeldUp = 200;

const ms = z.int().min(0).max(longestTime);
/** [step, ms] */
const heldUp = z
  .array(z.tuple([index, ms]).readonly())
  .max(mostHeldUp)
  .readonly();

/** Of a drive. */
export const driveRecording = z.strictObject({
  inputs: z.array(z.enum(inputKinds)).max(inputKinds.length).readonly(),
  /** [T] Milliseconds before each action: since the one before it or, at the first, since the drive began. */
  times: z.array(ms).max(2048).readonly(),
  /** The longest time between two frames before a step, where it was over {@link longGap}. */
  gaps: heldUp,
  /** For how long the page was hidden or had not the focus before a step, where it was. */
  away: heldUp,
});

/** Of an answer to a question. */
export const answerRecording = z.strictObject({
  input: z.enum(inputKinds).nullable(),
  /** Milliseconds from when the question could be answered. */
  ms,
});

export type DriveRecording = z.infer<typeof driveRecording>;
export type AnswerRecording = z.infer<typeof answerRecording>;

/** As it is stored: thousands of numbers, which were looked at when they came. */
export const storedDriveRecording: z.ZodType<DriveRecording, DriveRecording> =
  driveRecording.extend({ times: numbers });

/** Why a recording cannot be of a drive of so many steps; null where it can, or there is none. */
export function refuseRecording(
  recording: DriveRecording | undefined,
  length: number,
): Refusal | null {
  if (!recording) return null;
  const { times, gaps, away } = recording;
  const isInside = ([t]: readonly [number, number]) => t < length;
  return times.length === length && [...gaps, ...away].every(isInside)
    ? null
    : refusal("bad-episode", `A recording of this drive has ${length} steps.`);
}
