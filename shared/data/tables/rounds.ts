import type { LessonRecord, RoundRecord, Way } from "../lessonRecord.ts";
import type { TableOf } from "../table.ts";

interface Row {
  readonly lesson: LessonRecord;
  readonly round: RoundRecord;
}

/** How many labels of this way count. */
function standing({ labels }: RoundRecord, way: Way): number {
  return labels.filter((label) => label.way === way && label.takenBack === null).length;
}

export const rounds: TableOf<Row, LessonRecord> = {
  name: "rounds",
  row: "a round: a learner was trained on all that there was, measured, driven and asked about",
  columns: [
    { name: "lesson", type: "text", meaning: "Address of the lesson.", of: (row) => row.lesson.id },
    {
      name: "round",
      type: "integer",
      meaning: "Number of the round, 0 for the clone.",
      of: ({ round }) => round.number,
    },
    {
      name: "event",
      type: "integer",
      meaning: "Number of the event that brought it; see `events`.",
      of: ({ round }) => round.event,
    },
    {
      name: "at",
      type: "integer",
      unit: "ms since 1970, UTC",
      meaning: "When it was stored.",
      of: ({ round }) => round.at,
    },
    {
      name: "world",
      type: "text",
      meaning: "Where the learner drove.",
      of: ({ lesson }) => lesson.level.name,
    },
    {
      name: "policy_kind",
      type: "text",
      meaning: "Kind of policy that was trained.",
      of: ({ round }) => round.start.plan.policy,
    },
    {
      name: "query",
      type: "text",
      meaning: "Strategy that chose what to ask.",
      of: ({ round }) => round.start.plan.query,
    },
    {
      name: "budget",
      type: "integer",
      unit: "questions",
      meaning: "How many questions the person meant to answer.",
      of: ({ round }) => round.start.plan.budget,
    },
    {
      name: "repeats",
      type: "number",
      unit: "share",
      meaning: "Share of the questions that came a second time, unannounced.",
      of: ({ round }) => round.start.plan.repeats ?? 0,
    },
    {
      name: "basis",
      type: "integer",
      meaning: "The event up to which all was learned from.",
      of: ({ round }) => round.start.basis,
    },
    {
      name: "seed",
      type: "integer",
      meaning: "What the rollouts and the questions were drawn from.",
      of: ({ round }) => round.start.seed,
    },
    {
      name: "learning_seed",
      type: "integer",
      meaning: "What the fit drew from.",
      of: ({ round }) => round.start.learningSeed ?? round.start.seed,
    },
    {
      name: "pairs",
      type: "integer",
      meaning: "Pairs of observation and action that it was trained on.",
      of: ({ round }) => round.start.pairs,
    },
    {
      name: "label_pairs",
      type: "integer",
      meaning: "Of these, how many were labels of earlier rounds, and not of demonstrations.",
      of: ({ round }) => round.start.labels,
    },
    {
      name: "loss",
      type: "number",
      unit: "of the policy kind's loss",
      meaning:
        "Mean loss over the pairs: half squared error, negative log-likelihood or cross-entropy; 0 without a pair.",
      of: ({ round }) => round.start.loss,
    },
    {
      name: "fit_ms",
      type: "number",
      unit: "ms",
      meaning: "How long the fit took.",
      of: ({ round }) => round.start.ms,
    },
    {
      name: "policy",
      type: "text",
      meaning: "SHA-256 of the parameters.",
      of: ({ round }) => round.start.digest,
    },
    {
      name: "arithmetic",
      type: "text",
      meaning: "Name of the arithmetic by which the digest can be computed again.",
      // A lesson's file may say anything here.
      isTyped: true,
      of: ({ round }) => round.start.arithmetic,
    },
    {
      name: "held_out",
      type: "numbers",
      unit: "of the world's measure",
      meaning: "The world's measure on each held-out start, in the order of the seeds 0, 1, 2, …",
      of: ({ round }) => round.start.heldOut,
    },
    {
      name: "errors",
      type: "numbers",
      meaning:
        "Error so far at evenly spaced time steps, mean over the held-out drives; none in older logs.",
      of: ({ round }) => round.start.errors ?? null,
    },
    {
      name: "first_fall_steps",
      type: "numbers",
      unit: "steps",
      meaning:
        "Steps before the first fall from each held-out start, 2000 where there was none by then; none where one cannot fall, and in older logs.",
      of: ({ round }) => round.start.endurance?.steps ?? null,
    },
    {
      name: "first_fall_laps",
      type: "numbers",
      unit: "laps",
      meaning: "The way in these steps.",
      of: ({ round }) => round.start.endurance?.laps ?? null,
    },
    {
      name: "validation",
      type: "numbers",
      meaning:
        "Laps before the first fall from each validation start or, where one cannot fall, the world's measure: what `best_round` is chosen by.",
      of: ({ round }) => round.start.validation ?? null,
    },
    {
      name: "best_round",
      type: "integer",
      meaning:
        "The round whose policy was the best so far, which is the one that people were shown.",
      of: ({ round }) => round.best,
    },
    {
      name: "questions",
      type: "integer",
      meaning: "Questions that there were, those for who wants to go on included.",
      of: ({ round }) => round.start.queries.length,
    },
    {
      name: "time_stop_labels",
      type: "integer",
      meaning: "Answers to questions that count.",
      of: ({ round }) => standing(round, "time-stop"),
    },
    {
      name: "takeover_labels",
      type: "integer",
      unit: "steps",
      meaning: "Steps at the wheel that count.",
      of: ({ round }) => standing(round, "takeover"),
    },
    {
      name: "shadow_labels",
      type: "integer",
      unit: "steps",
      meaning: "Steps steered beside a recorded drive that count.",
      of: ({ round }) => standing(round, "shadow"),
    },
  ],
  *rows(lesson) {
    for (const round of lesson.rounds) yield { lesson, round };
  },
};
