import type { OutFolder } from "../../shared/data/formats/format.ts";
import { lessonsOf, writeStudyTables } from "../../shared/data/study/files.ts";
import type { StudyEvent } from "../../shared/study/events.ts";
import { studyName } from "../../shared/study/protocol.ts";
import { type IdChoice, idChoices } from "../../shared/study/requests.ts";
import { Study } from "../../shared/study/study.ts";
import type { Place } from "../storage/place.ts";
import { ReadOnlyLog } from "../storage/readOnly.ts";
import { namer, renamed } from "../studies/naming.ts";
import { type ExportSummary, exportLessons, NotExported } from "./index.ts";

export { idChoices };

export interface StudyOrder {
  readonly from: Place;
  readonly study: string;
  readonly ids: IdChoice;
  readonly format: string;
  readonly to: string;
}

/**
 * Writes down a study: its tables and its log, and its lessons as `exportLessons` does.
 * @throws NotExported
 */
export async function exportStudy(
  { from, study: name, ids, format, to }: StudyOrder,
  signal?: AbortSignal,
): Promise<ExportSummary & { readonly participants: number }> {
  const { study, events, seed } = await read(from, name);
  const named = namer(ids, seed);
  const lessons = lessonsOf(study);
  const beside = (folder: OutFolder) => {
    writeStudyTables(folder, { study, named, now: Date.now() });
    const file = folder.file("study.jsonl");
    for (const event of events) file.write(`${JSON.stringify(renamed(event, named, ids))}\n`);
    file.close();
  };
  const summary = await exportLessons({ from, lessons: [...lessons.keys()], format, to }, signal, {
    lastOf: (lesson) => lessons.get(lesson) ?? null,
    beside,
  });
  return { ...summary, participants: study.participants.size };
}

async function read(from: Place, name: string) {
  if (!studyName.safeParse(name).success) throw new NotExported(`"${name}" is no study's name.`);
  const log = await ReadOnlyLog.open(from).catch((error: Error) => {
    throw new NotExported(`Nothing was exported: ${error.message}.`, { cause: error });
  });
  try {
    if (!(await log.studies.names()).includes(name))
      throw new NotExported(`Nobody has come to a study "${name}" yet.`);
    const study = new Study();
    const events: StudyEvent[] = [];
    for await (const page of log.studies.events(name))
      for (const event of page) {
        study.take(event);
        events.push(event);
      }
    return { study, events, seed: await log.studies.seed(name) };
  } finally {
    await log.close();
  }
}
