import type { Question } from "../../study/protocolFile.ts";
import type { TableOf } from "../table.ts";
import {
  type ParticipantRow,
  participantNumber,
  participantRows,
  type StudySource,
} from "./participantRows.ts";

interface AnswerRow extends ParticipantRow {
  readonly question: Question;
}

export const answers: TableOf<AnswerRow, StudySource> = {
  name: "answers",
  row: "a question at the end that a participant answered or passed over",
  columns: [
    participantNumber,
    {
      name: "question",
      type: "text",
      meaning: "The question's id in the study's file.",
      of: ({ question }) => question.id,
    },
    {
      name: "kind",
      type: "text",
      meaning: "`choice`, `scale` or `text`.",
      of: ({ question }) => question.kind,
    },
    {
      name: "number",
      type: "integer",
      meaning: "Index of the option, 0 for the first, or the number on the scale, from 1.",
      of: ({ one, question }) => numeric(one.answers![question.id]),
    },
    {
      name: "text",
      type: "text",
      isTyped: true,
      meaning: "The option in words, or what was typed.",
      of: ({ one, question }) => {
        const given = one.answers![question.id] ?? null;
        return question.kind === "choice" && typeof given === "number"
          ? question.options[given]!
          : typeof given === "string"
            ? given
            : null;
      },
    },
  ],
  *rows(source) {
    for (const row of participantRows(source))
      if (row.one.answers)
        for (const question of row.protocol.questions) yield { ...row, question };
  },
};

function numeric(given: string | number | null | undefined): number | null {
  return typeof given === "number" ? given : null;
}
