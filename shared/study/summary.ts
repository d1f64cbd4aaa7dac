import * as z from "zod";
import type { LessonEvent } from "../lesson/fold.ts";
import type { DriveRecording } from "../lesson/recording.ts";
import { Controller, type Episode } from "../worlds/episode.ts";

/**
 * What a researcher looks at to judge whether somebody took a task seriously. It is told, and shuts nobody out. It
 * is made when the task ends, and kept with the event that says so.
 */
const count = z.int().min(0);

export const taskSummary = z.strictObject({
  v: z.literal(1),
  demonstrations: count,
  /** Answers in stopped time. */
  answers: count,
  takeovers: count,
  shadows: count,
  /** Of the answers, from when the question could be answered, ms; null where none was timed. */
  medianResponse: z.number().min(0).nullable(),
  /** Share of the timed answers that took less than {@link tooFast}; null where none was timed. */
  fast: z.number().min(0).max(1).nullable(),
  /** Share of the answers that are the most frequent action, to the second decimal; null without answers. */
  same: z.number().min(0).max(1).nullable(),
  /** Steps that the person steered, in demonstrations and takeovers. */
  steered: count,
  /** Share of these with the most frequent action, to the second decimal; null without any. */
  still: z.number().min(0).max(1).nullable(),
  /** For how long the page was away during drives, ms. */
  away: z.number().min(0),
});
export type TaskSummary = z.infer<typeof taskSummary>;

/** Nobody sees a picture, decides and answers within this time, ms. */
export const tooFast = 250;

export function summaryOf(events: readonly LessonEvent[]): TaskSummary {
  const of = <T extends LessonEvent["type"]>(type: T) =>
    events.filter((event): event is Extract<LessonEvent, { type: T }> => event.type === type);
  const answers = of("labelled");
  const timed = answers.flatMap(({ recording }) => (recording ? [recording.ms] : []));
  const steered = [...of("demonstrated"), ...of("intervened")].flatMap(({ episode }) =>
    steeredIn(episode),
  );
  const driven = [...of("demonstrated"), ...of("intervened"), ...of("shadowed")];
  const recordings = driven.flatMap(({ recording }) => (recording ? [recording] : []));
  return {
    v: 1,
    demonstrations: of("demonstrated").length,
    answers: answers.length,
    takeovers: of("intervened").length,
    shadows: of("shadowed").length,
    medianResponse: medianOf(timed),
    fast: timed.length === 0 ? null : timed.filter((ms) => ms < tooFast).length / timed.length,
    same: mostFrequent(answers.map(({ action }) => inWords(action))),
    steered: steered.length,
    still: mostFrequent(steered),
    away: recordings.reduce((sum, recording) => sum + awayIn(recording), 0),
  };
}

/** The actions of the expert, in words that are the same to the second decimal. */
function steeredIn({ actions, controllers }: Episode): string[] {
  const wide = actions.length / controllers.length;
  return controllers.flatMap((controller, t) =>
    controller === Controller.expert ? [inWords(actions.slice(t * wide, (t + 1) * wide))] : [],
  );
}

function inWords(action: readonly number[]): string {
  // Or a wheel that is a little to the left of straight would be another one.
  return action.map((value) => (Math.round(100 * value) / 100 || 0).toFixed(2)).join();
}

function awayIn({ away }: DriveRecording): number {
  return away.reduce((sum, [, ms]) => sum + ms, 0);
}

/** Share of the most frequent; null where there is nothing. */
function mostFrequent(values: readonly string[]): number | null {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return values.length === 0 ? null : Math.max(...counts.values()) / values.length;
}

/** Null where there is nothing. */
export function medianOf(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length / 2;
  if (sorted.length === 0) return null;
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[half - 0.5]!;
}
