import { replay, type Trajectory } from "../../worlds/episode.ts";
import { worlds } from "../../worlds/index.ts";
import { Outcome } from "../../worlds/world.ts";
import type { EpisodeRecord, LessonRecord } from "../lessonRecord.ts";
import type { TableOf } from "../table.ts";
import { outcomeNames } from "./outcomes.ts";

interface Row {
  readonly lesson: LessonRecord;
  readonly record: EpisodeRecord;
  readonly trajectory: Trajectory;
}

const levelOf = ({ record }: Row) => worlds[record.episode.world]!;

export const episodes: TableOf<Row, LessonRecord> = {
  name: "episodes",
  row: "an episode: a demonstration, a drive of the learner's, or one with a takeover",
  columns: [
    { name: "lesson", type: "text", meaning: "Address of the lesson.", of: (row) => row.lesson.id },
    {
      name: "episode",
      type: "integer",
      meaning: "Number of the episode in its lesson, 0 for the first.",
      of: ({ record }) => record.number,
    },
    {
      name: "event",
      type: "integer",
      meaning: "Number of the event that brought it; see `events`.",
      of: ({ record }) => record.event,
    },
    {
      name: "at",
      type: "integer",
      unit: "ms since 1970, UTC",
      meaning: "When it was stored, by the clock of the server, or of the page that has none.",
      of: ({ record }) => record.at,
    },
    {
      name: "kind",
      type: "text",
      meaning:
        "`demonstration`: the expert drove. `rollout`: the learner drove alone. `takeover`: the learner drove, and the expert took over when they saw fit, or when it asked them to: see `began`.",
      of: ({ record }) => record.kind,
    },
    {
      name: "began",
      type: "text",
      meaning:
        "Who decided that the wheel goes to the expert, in a drive with a takeover: `person`, or `learner`, which asked for it. None in others.",
      of: ({ record }) =>
        record.kind !== "takeover" ? null : record.asking ? "learner" : "person",
    },
    {
      name: "asking_rate",
      type: "number",
      unit: "share",
      meaning:
        "How much the learner might ask for: the share of the steps that were the expert's at most, and of the places of its own drives above its thresholds. None where it did not ask.",
      of: ({ record }) => record.asking?.rate ?? null,
    },
    {
      name: "world",
      type: "text",
      meaning:
        "Where it was driven. People may demonstrate in other weather than that in which the learner drives.",
      of: ({ record }) => record.episode.world,
    },
    {
      name: "seed",
      type: "integer",
      meaning: "What start and weather were drawn from; unsigned, 32 bits.",
      of: ({ record }) => record.episode.seed,
    },
    {
      name: "taste",
      type: "text",
      meaning:
        "The taste that the expert had been dealt by then; none where they played their own.",
      of: ({ record }) => record.taste,
    },
    {
      name: "round",
      type: "integer",
      meaning: "Number of the round whose learner drove, 0 for the first; none in demonstrations.",
      of: ({ record }) => record.round,
    },
    {
      name: "drive",
      type: "integer",
      meaning: "Which of the round's rollouts it is, 0 for the first; none in others.",
      of: ({ record }) => record.drive,
    },
    {
      name: "policy",
      type: "text",
      meaning: "SHA-256 of the parameters of the learner that drove; none in demonstrations.",
      of: ({ lesson, record }) =>
        record.round === null ? null : lesson.rounds[record.round]!.start.digest,
    },
    {
      name: "length",
      type: "integer",
      unit: "steps",
      meaning: "How many steps it has.",
      of: ({ trajectory }) => trajectory.length,
    },
    {
      name: "outcome",
      type: "text",
      meaning:
        "What its last step led to: `goes on` where it was broken off or came to the horizon, else `fell` or `done`.",
      of: ({ trajectory }) => outcomeNames[trajectory.outcomes.at(-1)!]!,
    },
    {
      name: "falls",
      type: "integer",
      meaning: "How many steps were falls.",
      of: ({ trajectory }) =>
        trajectory.outcomes.reduce((sum, outcome) => sum + (outcome === Outcome.fell ? 1 : 0), 0),
    },
    {
      name: "measure",
      type: "number",
      unit: "of the world's measure",
      meaning: "How well it went, by the one number that the world is measured by.",
      of: (row) => levelOf(row).measure.of(row.trajectory),
    },
    {
      name: "laps",
      type: "number",
      unit: "laps",
      meaning: "How often it went round, forwards less backwards; none where there is no round.",
      of: (row) => levelOf(row).laps?.(row.trajectory) ?? null,
    },
    {
      name: "inputs",
      type: "text",
      meaning:
        "With what the person drove, in the order of first use: `keys`, `mouse`, `touch`, `pen`, `gamepad`. None where nobody drove, and where it was not recorded.",
      of: ({ record }) => record.recording?.inputs.join(" ") ?? null,
    },
    {
      name: "final_state",
      type: "numbers",
      unit: "of the world's state",
      meaning: "The state after the last step.",
      of: (row) => [...row.trajectory.states.slice(-levelOf(row).stateSize)],
    },
    {
      name: "taken_back",
      type: "integer",
      meaning:
        "The event by which it was deleted or taken back, after which nothing is learned from it; none where it counts.",
      of: ({ record }) => record.takenBack,
    },
  ],
  *rows(lesson) {
    for (const record of lesson.episodes) {
      const { episode } = record;
      yield { lesson, record, trajectory: replay(worlds[episode.world]!, episode) };
    }
  },
};
