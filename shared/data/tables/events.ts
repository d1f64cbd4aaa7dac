import type { LessonEvent } from "../../lesson/fold.ts";
import type { LessonRecord } from "../lessonRecord.ts";
import type { TableOf } from "../table.ts";

interface Row {
  readonly lesson: LessonRecord;
  readonly event: LessonEvent;
}

export const events: TableOf<Row, LessonRecord> = {
  name: "events",
  row: "an event of a lesson's log, in order; the log itself, with all that an event says, is the format `jsonl`",
  columns: [
    { name: "lesson", type: "text", meaning: "Address of the lesson.", of: (row) => row.lesson.id },
    {
      name: "event",
      type: "integer",
      meaning: "Number of the event in its lesson, 1 for the first.",
      of: ({ event }) => event.seq,
    },
    {
      name: "at",
      type: "integer",
      unit: "ms since 1970, UTC",
      meaning: "When it was stored.",
      of: ({ event }) => event.at,
    },
    { name: "type", type: "text", meaning: "What happened.", of: ({ event }) => event.type },
    {
      name: "round",
      type: "integer",
      meaning: "Number of the round that it corrects, 0 for the first; none in others.",
      of: ({ event }) => ("round" in event ? event.round : null),
    },
    {
      name: "question",
      type: "integer",
      meaning: "Place of the question that is answered, or whose answer is taken back.",
      of: ({ event }) => ("index" in event ? event.index : null),
    },
    {
      name: "takes_back",
      type: "integer",
      meaning: "The event whose demonstration, takeover or shadow is deleted.",
      of: ({ event }) => takenBackBy(event),
    },
    {
      name: "world",
      type: "text",
      meaning: "The lesson's world, in the event that begins it.",
      of: ({ event }) => ("world" in event ? event.world : null),
    },
    {
      name: "taste",
      type: "text",
      meaning: "The taste that was dealt; none where it is the expert's own.",
      of: ({ event }) => ("taste" in event ? event.taste : null),
    },
    {
      name: "step",
      type: "text",
      meaning: "The step of the lesson at which a note was written.",
      of: ({ event }) => ("step" in event ? event.step : null),
    },
    {
      name: "text",
      type: "text",
      isTyped: true,
      meaning:
        "The note. In CSV it has an apostrophe before it where a spreadsheet would take it for a formula.",
      of: ({ event }) => ("text" in event ? event.text : null),
    },
  ],
  *rows(lesson) {
    for (const event of lesson.events) yield { lesson, event };
  },
};

function takenBackBy(event: LessonEvent): number | null {
  if (event.type === "forgotten") return event.demonstration;
  return event.type === "retracted" ? event.correction : null;
}
