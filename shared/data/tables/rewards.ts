import type { Level } from "../../worlds/level.ts";
import type { LessonRecord, RewardRecord } from "../lessonRecord.ts";
import type { TableOf } from "../table.ts";

interface Row {
  readonly lesson: LessonRecord;
  readonly reward: RewardRecord;
}

const nFeatures = ({ lattice }: Level) => lattice.nFeatures;

export const rewards: TableOf<Row, LessonRecord> = {
  name: "rewards",
  row: "an inference of the reward behind the demonstrations that there were by then",
  columns: [
    { name: "lesson", type: "text", meaning: "Address of the lesson.", of: (row) => row.lesson.id },
    {
      name: "event",
      type: "integer",
      meaning: "Number of the event that brought it; see `events`.",
      of: ({ reward }) => reward.event,
    },
    {
      name: "at",
      type: "integer",
      unit: "ms since 1970, UTC",
      meaning: "When it was stored.",
      of: ({ reward }) => reward.at,
    },
    {
      name: "basis",
      type: "integer",
      meaning: "The event up to which all was looked at.",
      of: ({ reward }) => reward.inference.basis,
    },
    {
      name: "demonstrations",
      type: "integer",
      meaning: "Demonstrations that were used.",
      of: ({ reward }) => reward.inference.demonstrations,
    },
    {
      name: "impossible",
      type: "integer",
      unit: "steps",
      meaning: "Steps of them that the model cannot produce, and that were left out.",
      of: ({ reward }) => reward.inference.impossible,
    },
    {
      name: "weight",
      type: "number",
      unit: "nats a visit",
      meaning:
        "Reward weight of each feature by maximum causal entropy, with a normal prior: the mode of the posterior.",
      width: nFeatures,
      of: ({ reward }, i) => reward.inference.weights[i] ?? null,
    },
    {
      name: "matched_weight",
      type: "number",
      meaning: "The same by feature matching; a unit vector.",
      width: nFeatures,
      of: ({ reward }, i) => reward.inference.matched[i] ?? null,
    },
    {
      name: "taste",
      type: "text",
      meaning: "The taste that the expert had been dealt; none where they played their own.",
      of: ({ reward }) => reward.taste,
    },
    {
      name: "taste_weight",
      type: "number",
      unit: "nats a visit",
      meaning: "The weights of that taste.",
      width: nFeatures,
      of: ({ lesson, reward }, i) =>
        reward.taste === null ? null : (lesson.level.tastes?.[reward.taste]?.weights[i] ?? null),
    },
    {
      name: "covariance",
      type: "numbers",
      unit: "(nats a visit)²",
      meaning: "Covariance of the weights, row by row.",
      of: ({ reward }) => reward.inference.covariance,
    },
    {
      name: "undetermined",
      type: "numbers",
      meaning:
        "Unit vectors, one after the other: directions of the weights that the demonstrations do not determine.",
      of: ({ reward }) => reward.inference.undetermined.flat(),
    },
    {
      name: "prior_deviation",
      type: "number",
      unit: "nats a visit",
      meaning: "Standard deviation of the prior of each weight.",
      of: ({ reward }) => reward.inference.deviation ?? 1,
    },
    {
      name: "agreement",
      type: "number",
      unit: "share",
      meaning: "Share of the person's actions that are the best ones for this reward.",
      of: ({ reward }) => reward.inference.agreement,
    },
    {
      name: "visits",
      type: "numbers",
      unit: "states",
      meaning: "How many states of the demonstrations fell on each tile of the lattice's map.",
      of: ({ reward }) => reward.inference.visits,
    },
    {
      name: "gradient_norm",
      type: "number",
      meaning: "Norm of the gradient at the end.",
      of: ({ reward }) => reward.inference.gradientNorm,
    },
    {
      name: "iterations",
      type: "integer",
      meaning: "Iterations that it took.",
      of: ({ reward }) => reward.inference.iterations,
    },
    {
      name: "inference_ms",
      type: "number",
      unit: "ms",
      meaning: "How long it took.",
      of: ({ reward }) => reward.inference.ms,
    },
  ],
  *rows(lesson) {
    for (const reward of lesson.rewards) yield { lesson, reward };
  },
};
