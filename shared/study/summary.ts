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

/**
 * Makes a task's summary from its events as they are read, without keeping them: a lesson may be longer than one has
 * room for.
 */
export class Summing {
  #demonstrations = 0;
  #takeovers = 0;
  #shadows = 0;
  #away = 0;
  readonly #timed: number[] = [];
  readonly #answers = new Map<string, number>();
  readonly #steered = new Map<string, number>();

  /** Takes in the next events. */
  add(events: readonly LessonEvent[]): void {
    for (const event of events) {
      if (event.type === "labelled") {
        increment(this.#answers, inWords(event.action));
        if (event.recording) this.#timed.push(event.recording.ms);
      } else if (
        event.type === "demonstrated" ||
        event.type === "intervened" ||
        event.type === "shadowed"
      ) {
        if (event.type === "demonstrated") this.#demonstrations++;
        else if (event.type === "intervened") this.#takeovers++;
        else this.#shadows++;
        if (event.type !== "shadowed")
          for (const action of steeredIn(event.episode)) increment(this.#steered, action);
        if (event.recording) this.#away += awayIn(event.recording);
      }
    }
  }

  /** What came of all events so far. */
  summary(): TaskSummary {
    const timed = this.#timed;
    const fast = timed.filter((ms) => ms < tooFast).length;
    return {
      v: 1,
      demonstrations: this.#demonstrations,
      answers: sumOf(this.#answers),
      takeovers: this.#takeovers,
      shadows: this.#shadows,
      medianResponse: medianOf(timed),
      fast: timed.length === 0 ? null : fast / timed.length,
      same: mostFrequent(this.#answers),
      steered: sumOf(this.#steered),
      still: mostFrequent(this.#steered),
      away: this.#away,
    };
  }
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

function increment(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const n of counts.values()) sum += n;
  return sum;
}

/** Share of the most frequent; null where there is nothing. */
function mostFrequent(counts: ReadonlyMap<string, number>): number | null {
  if (counts.size === 0) return null;
  let most = 0;
  for (const n of counts.values()) most = Math.max(most, n);
  return most / sumOf(counts);
}

/** Null where there is nothing. */
export function medianOf(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length / 2;
  if (sorted.length === 0) return null;
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[half - 0.5]!;
}
