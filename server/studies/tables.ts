import { writeStudyTables } from "../../shared/data/study/files.ts";
import type { Spend } from "../../shared/lesson/log.ts";
import type { IdChoice } from "../../shared/study/requests.ts";
import { TextFolder } from "../export/textFolder.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import { namer, renamed } from "./naming.ts";
import type { OpenStudy } from "./openStudy.ts";

/** A study's tables and its log, by the names of their files. */
export async function tablesOf(
  study: OpenStudy,
  log: SqlLog,
  ids: IdChoice,
  spend: Spend,
): Promise<Record<string, string>> {
  const named = namer(ids, await log.studies.seed(study.name));
  const folder = new TextFolder();
  await study.look(spend, (now) =>
    writeStudyTables(folder, { study: now, named, now: Date.now() }),
  );
  const events = folder.file("study.jsonl");
  for await (const page of log.studies.events(study.name, 0, spend))
    for (const event of page) events.write(`${JSON.stringify(renamed(event, named, ids))}\n`);
  events.close();
  return folder.texts;
}
