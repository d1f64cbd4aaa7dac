import type { DriveRecording } from "../../lesson/recording.ts";
import { width } from "../../spaces.ts";
import { Controller } from "../../worlds/episode.ts";
import type { Level } from "../../worlds/level.ts";
import { type EpisodeSteps, stepsOf } from "../episodeSteps.ts";
import type { LessonRecord } from "../lessonRecord.ts";
import type { TableOf } from "../table.ts";
import { outcomeNames } from "./outcomes.ts";

interface Step {
  readonly lesson: LessonRecord;
  readonly steps: EpisodeSteps;
  readonly t: number;
  /** [T] Of each action, ms from the drive's beginning; null where it was not recorded. */
  readonly times: readonly number[] | null;
}

const actionWidth = ({ action }: Level) => width(action);

/** One number of a row of `numbers`, [T][size]; null where it is NaN, or there are none. */
function at(numbers: Float64Array | null, t: number, size: number, i: number): number | null {
  const value = numbers?.[t * size + i];
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** For how long something held up the person before step `t`; null where that was not recorded. */
function heldUp(times: DriveRecording["gaps"] | undefined, t: number): number | null {
  return times ? (times.find(([step]) => step === t)?.[1] ?? 0) : null;
}

const wide = ({ lesson }: Step) => width(lesson.level.action);

export const steps: TableOf<Step, LessonRecord> = {
  name: "steps",
  row: "a step of an episode: the state before it, what was done, what it led to",
  columns: [
    {
      name: "lesson",
      type: "text",
      meaning: "Address of the lesson.",
      of: ({ lesson }) => lesson.id,
    },
    {
      name: "episode",
      type: "integer",
      meaning: "Number of the episode in its lesson, 0 for the first; see `episodes`.",
      of: ({ steps }) => steps.record.number,
    },
    {
      name: "t",
      type: "integer",
      unit: "steps",
      meaning: "Time step, 0 for the first of the episode.",
      of: ({ t }) => t,
    },
    {
      name: "controller",
      type: "text",
      meaning: "Who chose the action that was executed: `expert` or `learner`.",
      of: ({ steps, t }) => (steps.controllers[t] === Controller.expert ? "expert" : "learner"),
    },
    {
      name: "action",
      type: "number",
      unit: "of the world's action",
      meaning:
        "The action that was executed. Of discrete actions it is the index, 0 for the first.",
      width: actionWidth,
      of: (row, i) => at(row.steps.actions, row.t, wide(row), i),
    },
    {
      name: "learner_action",
      type: "number",
      unit: "of the world's action",
      meaning:
        "What the learner of the round did or, in a drive with a takeover, would have done in this state. None in demonstrations, and where the learner cannot be computed again bit for bit.",
      width: actionWidth,
      of: (row, i) => at(row.steps.learner, row.t, wide(row), i),
    },
    {
      name: "expert_action",
      type: "number",
      unit: "of the world's action",
      meaning:
        "What the expert did in this state, or said that they would do: the last that they did not take back. None where they were not asked.",
      width: actionWidth,
      of: (row, i) => at(row.steps.expert, row.t, wide(row), i),
    },
    {
      name: "expert_source",
      type: "text",
      meaning:
        "How `expert_action` was told: `demonstration`, `time-stop`, `takeover` or `shadow`. None where there is no such action.",
      of: ({ steps, t }) => steps.sources[t]!,
    },
    {
      name: "queried",
      type: "boolean",
      meaning:
        "Whether the query strategy chose this state to ask about, answered or not. None where it chooses nothing: in demonstrations and takeovers.",
      of: ({ steps, t }) => (steps.record.drive === null ? null : steps.ranks[t]! >= 0),
    },
    {
      name: "asked_for",
      type: "text",
      meaning:
        "Why the learner asked for the wheel before this step: `unfamiliar`, the place was new to it, or `danger`, it would have crashed within a second. None where it did not ask.",
      of: ({ steps, t }) => steps.record.asking?.turns.find(([at]) => at === t)?.[1] ?? null,
    },
    {
      name: "query_rank",
      type: "integer",
      meaning:
        "Place of the question about this state in the order of asking, 0 for the first. A strategy that ranks asks the best first.",
      of: ({ steps, t }) => (steps.ranks[t]! >= 0 ? steps.ranks[t]! : null),
    },
    {
      name: "uncertainty",
      type: "number",
      unit: "in [0, 1]",
      meaning:
        "How unfamiliar the state was to the learner that drove: 1 as before any data. Three decimals; in rollouts only.",
      of: ({ lesson, steps, t }) => {
        const { round, drive } = steps.record;
        return drive === null
          ? null
          : (lesson.rounds[round!]!.start.uncertainty[drive]?.[t] ?? null);
      },
    },
    {
      name: "beta",
      type: "number",
      unit: "probability",
      meaning:
        "DAgger's β: the probability with which the expert had control. 1 in demonstrations, 0 in rollouts, none in takeovers, where the expert decides.",
      of: ({ steps }) => betas[steps.record.kind],
    },
    {
      name: "round",
      type: "integer",
      meaning: "Number of the round whose learner drove, 0 for the first; none in demonstrations.",
      of: ({ steps }) => steps.record.round,
    },
    {
      name: "state",
      type: "number",
      unit: "of the world's state",
      meaning: "The state before the step; its numbers have 24 bits, so that float32 holds them.",
      width: ({ stateSize }) => stateSize,
      of: ({ lesson, steps, t }, i) => at(steps.states, t, lesson.level.stateSize, i),
    },
    {
      name: "observation",
      type: "number",
      meaning: "What a policy sees in that state.",
      width: ({ observationSize }) => observationSize,
      of: ({ lesson, steps, t }, i) => at(steps.observations, t, lesson.level.observationSize, i),
    },
    {
      name: "feature",
      type: "number",
      unit: "in [−1, 1]",
      meaning:
        "Reward features of the place that the step led to, a fall counting as one; none outside of the lattice on which rewards are inferred.",
      width: ({ lattice }) => lattice.nFeatures,
      of: ({ lesson, steps, t }, i) => at(steps.features, t, lesson.level.lattice.nFeatures, i),
    },
    {
      name: "reward",
      type: "number",
      unit: "nats",
      meaning:
        "The features times the weights of the taste that the expert had been dealt; none where they played their own.",
      of: ({ steps, t }) => at(steps.rewards, t, 1, 0),
    },
    {
      name: "outcome",
      type: "text",
      meaning:
        "What the step led to: `goes on`, `fell` (put back, and goes on), or `done`, which ends the episode.",
      of: ({ steps, t }) => outcomeNames[steps.outcomes[t]!]!,
    },
    {
      name: "client_ms",
      type: "integer",
      unit: "ms",
      meaning:
        "When the action was taken, by the clock of the page, from the beginning of the drive. None where nobody drove, and where it was not recorded; so are the next two.",
      of: ({ times, t }) => times && times[t]!,
    },
    {
      name: "frame_gap_ms",
      type: "integer",
      unit: "ms",
      meaning:
        "The longest time between two frames since the step before, where it was over 50 ms; else 0.",
      of: ({ steps, t }) => heldUp(steps.record.recording?.gaps, t),
    },
    {
      name: "away_ms",
      type: "integer",
      unit: "ms",
      meaning: "For how long the page was hidden or had not the focus since the step before.",
      of: ({ steps, t }) => heldUp(steps.record.recording?.away, t),
    },
  ],
  *rows(lesson) {
    for (const record of lesson.episodes) {
      const steps = stepsOf(lesson, record);
      let sum = 0;
      const times = record.recording?.times.map((ms) => {
        sum += ms;
        return sum;
      });
      for (let t = 0; t < steps.length; t++) yield { lesson, steps, t, times: times ?? null };
    }
  },
};

const betas = { demonstration: 1, rollout: 0, takeover: null } as const;
