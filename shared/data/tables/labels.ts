import { disagreement } from "../../imitation/disagreement.ts";
import { width } from "../../spaces.ts";
import { replay } from "../../worlds/episode.ts";
import { worlds } from "../../worlds/index.ts";
import type { Level } from "../../worlds/level.ts";
import { learnerIn } from "../episodeSteps.ts";
import type { EpisodeRecord, LabelRecord, LessonRecord } from "../lessonRecord.ts";
import type { TableOf } from "../table.ts";

interface Row {
  readonly lesson: LessonRecord;
  readonly label: LabelRecord;
  /** [width] */
  readonly learner: Float64Array | null;
}

const actionWidth = ({ action }: Level) => width(action);

export const labels: TableOf<Row, LessonRecord> = {
  name: "labels",
  row: "an action that the expert gave for a state of a drive of the learner's; of a takeover or a shadow, one for each step",
  columns: [
    { name: "lesson", type: "text", meaning: "Address of the lesson.", of: (row) => row.lesson.id },
    {
      name: "label",
      type: "integer",
      meaning: "Number of the label in its lesson, in the order of the log, 0 for the first.",
      of: ({ label }) => label.number,
    },
    {
      name: "event",
      type: "integer",
      meaning: "Number of the event that brought it; see `events`.",
      of: ({ label }) => label.event,
    },
    {
      name: "at",
      type: "integer",
      unit: "ms since 1970, UTC",
      meaning: "When it was stored.",
      of: ({ label }) => label.at,
    },
    {
      name: "way",
      type: "text",
      meaning:
        "How it was told: `time-stop` (an answer to a question, in stopped time), `takeover` (at the wheel), `shadow` (steered beside a recorded drive, moved back by the lag of the hands).",
      of: ({ label }) => label.way,
    },
    {
      name: "round",
      type: "integer",
      meaning: "Number of the round that it corrects, 0 for the first.",
      of: ({ label }) => label.round,
    },
    {
      name: "question",
      type: "integer",
      meaning: "Place of its question in the order of asking; none without a question.",
      of: ({ label }) => label.question,
    },
    {
      name: "repeat_of",
      type: "integer",
      meaning:
        "Place of the earlier question of which this one was the unannounced repeat; none where it was new.",
      of: ({ label }) => label.repeatOf,
    },
    {
      name: "episode",
      type: "integer",
      meaning: "Number of the episode that the state is of; see `episodes` and `steps`.",
      of: ({ label }) => label.episode.number,
    },
    {
      name: "t",
      type: "integer",
      unit: "steps",
      meaning: "Time step of the state in that episode.",
      of: ({ label }) => label.t,
    },
    {
      name: "expert_action",
      type: "number",
      unit: "of the world's action",
      meaning: "What the expert would do there.",
      width: actionWidth,
      of: ({ label }, i) => label.action[i]!,
    },
    {
      name: "learner_action",
      type: "number",
      unit: "of the world's action",
      meaning: "What the learner did or would have done there; none where that is not known.",
      width: actionWidth,
      of: ({ learner }, i) => learner?.[i] ?? null,
    },
    {
      name: "disagreement",
      type: "number",
      unit: "in [0, 1]",
      meaning:
        "How far the two are apart: whether they differ where actions are discrete, else the mean distance as a share of the range.",
      of: ({ lesson, label, learner }) =>
        learner && disagreement(lesson.level.action, learner, label.action),
    },
    {
      name: "response_ms",
      type: "integer",
      unit: "ms",
      meaning:
        "From when the question could be answered to the answer; none without a question, and where it was not recorded.",
      of: ({ label }) => label.recording?.ms ?? null,
    },
    {
      name: "input",
      type: "text",
      meaning: "With what it was answered, as `inputs` of `episodes`.",
      of: ({ label }) => label.recording?.input ?? null,
    },
    {
      name: "taken_back",
      type: "integer",
      meaning: "The event by which it was taken back; none where it counts.",
      of: ({ label }) => label.takenBack,
    },
  ],
  *rows(lesson) {
    const wide = width(lesson.level.action);
    let last: EpisodeRecord | undefined;
    let actions: Float64Array | null = null;
    for (const label of lesson.labels) {
      const { episode, t } = label;
      if (episode !== last) {
        const trajectory = replay(worlds[episode.episode.world]!, episode.episode);
        actions = learnerIn(lesson, episode, trajectory);
        last = episode;
      }
      yield { lesson, label, learner: actions?.subarray(t * wide, (t + 1) * wide) ?? null };
    }
  },
};
