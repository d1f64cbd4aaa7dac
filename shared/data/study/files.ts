import type { Study } from "../../study/study.ts";
import { studyCodebookFiles } from "../codebook.ts";
import { csvTable } from "../formats/csvTable.ts";
import type { OutFolder } from "../formats/format.ts";
import { studyTables } from "./index.ts";
import type { StudySource } from "./participantRows.ts";

/** Writes the tables of a study, each to a file, and what they mean. */
export function writeStudyTables(folder: OutFolder, source: StudySource): void {
  for (const { name, columns, rows } of studyTables) {
    const flat = columns.map((column) => ({ name: column.name, column, i: 0 }));
    const file = csvTable(folder.file(`${name}.csv`), flat);
    for (const row of rows(source)) file.add(columns.map((column) => column.of(row, 0)));
    file.close();
  }
  for (const [name, text] of Object.entries(studyCodebookFiles)) {
    const file = folder.file(name);
    file.write(text);
    file.close();
  }
}

/** Lessons in which anything was done for the study, each with the number of the last event that is of it, if any. */
export function lessonsOf({ participants }: Study): Map<string, number | null> {
  const tasks = [...participants.values()].flatMap(({ tasks }) => tasks);
  return new Map(tasks.map(({ lesson, last }) => [lesson, last]));
}
