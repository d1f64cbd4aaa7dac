import type { Task } from "../../study/study.ts";
import type { TableOf } from "../table.ts";
import {
  type ParticipantRow,
  participantNumber,
  participantRows,
  type StudySource,
  since1970,
} from "./participantRows.ts";

interface TaskRow extends ParticipantRow {
  readonly number: number;
  readonly task: Task;
}

export const tasks: TableOf<TaskRow, StudySource> = {
  name: "tasks",
  row: "a task that a participant began",
  columns: [
    participantNumber,
    {
      name: "task",
      type: "integer",
      meaning: "Its place in the participant's order, 0 for the first.",
      of: ({ number }) => number,
    },
    {
      name: "level",
      type: "integer",
      meaning: "Its place in the plan, 0 for the first.",
      of: ({ one, protocol, number }) => protocol.orders[one.cell!.order]![number]!,
    },
    {
      name: "lesson",
      type: "text",
      meaning: "Address of the lesson that it was done in: see the other tables.",
      of: ({ task }) => task.lesson,
    },
    {
      name: "began_at",
      type: "integer",
      unit: since1970,
      meaning: "When it was begun.",
      of: ({ task }) => task.began,
    },
    {
      name: "finished_at",
      type: "integer",
      unit: since1970,
      meaning: "When it was done or left; none where it is neither.",
      of: ({ task }) => task.finished,
    },
    {
      name: "skipped",
      type: "boolean",
      meaning: "Whether it was left before it was done.",
      of: ({ task }) => (task.finished === null ? null : task.skipped),
    },
    {
      name: "median_response",
      type: "number",
      unit: "ms",
      meaning:
        "Median time of the answers in stopped time, from when the question could be answered.",
      of: ({ task }) => task.summary?.medianResponse ?? null,
    },
    {
      name: "fast_answers",
      type: "number",
      meaning: "Share of these answers that took less than 250 ms.",
      of: ({ task }) => task.summary?.fast ?? null,
    },
    {
      name: "same_answers",
      type: "number",
      meaning: "Share of these answers that are the most frequent action, to the second decimal.",
      of: ({ task }) => task.summary?.same ?? null,
    },
    {
      name: "still_steering",
      type: "number",
      meaning:
        "Share of the steps that the person steered, in demonstrations and takeovers, with the most frequent action, to the second decimal.",
      of: ({ task }) => task.summary?.still ?? null,
    },
    {
      name: "away",
      type: "integer",
      unit: "ms",
      meaning: "For how long the page was hidden or had not the focus during drives.",
      of: ({ task }) => task.summary?.away ?? null,
    },
  ],
  *rows(source) {
    for (const row of participantRows(source))
      for (const [number, task] of row.one.tasks.entries()) yield { ...row, number, task };
  },
};
