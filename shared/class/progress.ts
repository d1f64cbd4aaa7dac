import * as z from "zod";
import { headlineIn } from "../imitation/headline.ts";
import { nAligned } from "../imitation/lag.ts";
import type { Intervention, Lesson, Round, Shadow } from "../lesson/lesson.ts";
import { isFulfilled, leastCorrections, nCorrections } from "../lesson/locks.ts";
import { Controller } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import type { Activity } from "./room.ts";

/** How far a pupil's lesson has come: what its class hears of it, whenever something was written. */
export const progress = z.object({
  /** Of the lesson's last event. */
  seq: z.int().min(0),
  activity: z.literal([
    "demonstrating",
    "cloning",
    "correcting",
    "retraining",
    "rewarding",
    "done",
  ] satisfies Activity[]),
  demonstrations: z.int().min(0),
  /** Corrections in the last round. */
  corrections: z.int().min(0),
  /** In all rounds. */
  labels: z.int().min(0),
  /** Of each round's learner: labels that it was trained with, and its score on the held-out starts. */
  curve: z.array(z.tuple([z.int().min(0), z.number()]).readonly()).readonly(),
  /** The event by which the newest learner was trained; 0 before. */
  trained: z.int().min(0),
  /** The same of the first one. */
  first: z.int().min(0),
  /** The event by which the newest demonstration came; 0 before. */
  shown: z.int().min(0).default(0),
  /** The event by which the newest reward came; 0 before there is one. */
  rewarded: z.int().min(0).default(0),
});
export type Progress = z.infer<typeof progress>;

export const noProgress: Progress = {
  seq: 0,
  activity: "demonstrating",
  demonstrations: 0,
  corrections: 0,
  labels: 0,
  curve: [],
  trained: 0,
  first: 0,
  shown: 0,
  rewarded: 0,
};

export function progressOf(lesson: Lesson): Progress {
  const { seq, demonstrations, rounds, inference } = lesson;
  return {
    seq,
    activity: activityOf(lesson),
    demonstrations: demonstrations.length,
    corrections: nCorrections(lesson),
    labels: nLabels(lesson),
    curve: rounds.map((round) => [round.labels, scoreOf(lesson.world, round)] as const),
    trained: rounds.at(-1)?.seq ?? 0,
    first: rounds[0]?.seq ?? 0,
    shown: demonstrations.at(-1)?.seq ?? 0,
    rewarded: inference?.seq ?? 0,
  };
}

/** A learner's score on the held-out starts, in its world's headline. */
export function scoreOf(
  world: string,
  { endurance, heldOut }: Pick<Round, "endurance" | "heldOut">,
) {
  return headlineIn(worlds[world]!).of(endurance?.laps ?? heldOut);
}

/** Those that the newest learner was trained with, and those that have come since. */
function nLabels({ world, rounds }: Lesson): number {
  const last = rounds.at(-1);
  if (!last) return 0;
  const { labels, answers, interventions, shadows } = last;
  const taken = interventions.map((one) =>
    countedOnce(one, ({ episode: { controllers } }) =>
      controllers.reduce<number>((n, who) => (who === Controller.expert ? n + 1 : n), 0),
    ),
  );
  const steered = shadows.map((one) =>
    countedOnce(one, ({ actions, lag }) => nAligned(worlds[world]!, actions, lag)),
  );
  return labels + answers.length + sumOf(taken) + sumOf(steered);
}

/** Labels in what stays as it is for as long as a lesson is open. */
const counted = new WeakMap<Intervention | Shadow, number>();

function countedOnce<T extends Intervention | Shadow>(one: T, count: (one: T) => number): number {
  const known = counted.get(one);
  if (known !== undefined) return known;
  const n = count(one);
  counted.set(one, n);
  return n;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function activityOf(lesson: Lesson): Activity {
  const { plan, demonstrations, rounds } = lesson;
  if (!plan) return "demonstrating";
  if (demonstrations.length < plan.demonstrations.least) return "demonstrating";
  if (!plan.learner)
    return plan.tools.includes("reward") && lesson.inference === null ? "rewarding" : "done";
  if (rounds.length === 0) return "cloning";
  if (isFulfilled(lesson)) return "done";
  return nCorrections(lesson) < leastCorrections(lesson) ? "correcting" : "retraining";
}
