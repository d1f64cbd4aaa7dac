import type { Study } from "../../study/study.ts";
import { studyCodebookFiles } from "../codebook.ts";
import type { OutFolder } from "../formats/format.ts";
import { writeTables } from "../formats/tablesBeside.ts";
import { studyTables } from "./index.ts";
import type { StudySource } from "./participantRows.ts";

/** Writes the tables of a study, each to a file, and what they mean. */
export function writeStudyTables(folder: OutFolder, source: StudySource): void {
  writeTables(folder, studyTables, source, studyCodebookFiles);
}

/** Lessons in which anything was done for the study, each with the number of the last event that is of it, if any. */
export function lessonsOf({ participants }: Study): Map<string, number | null> {
  const tasks = [...participants.values()].flatMap(({ tasks }) => tasks);
  return new Map(tasks.map(({ lesson, last }) => [lesson, last]));
}
