import type { TableOf } from "../table.ts";
import { answers } from "./answers.ts";
import type { StudySource } from "./participantRows.ts";
import { participants } from "./participants.ts";
import { tasks } from "./tasks.ts";

/** The tables of a study, beside those of its lessons. */
export const studyTables = [participants, tasks, answers].map(
  (table) => table as unknown as TableOf<unknown, StudySource>,
);
