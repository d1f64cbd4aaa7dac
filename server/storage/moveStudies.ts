import type { Kysely } from "kysely";
import { type StudyEventBody, studyEvent } from "../../shared/study/events.ts";
import { mostTasks } from "../../shared/study/protocolFile.ts";
import type { Schema } from "./schema.ts";
import { studyLesson } from "./studySecrets.ts";

/** Events that are copied at a time. */
const page = 500;

type EventRow = Schema["study_events"];

/** Breaks off the moving of a study that is another one there. */
class Differs extends Error {}

/**
 * Copies all studies to another database, whose lessons are copied on their own: what is there already is brought up to
 * date, so that who was deleted here is deleted there.
 * @returns names of studies that are there with other events, and were left as they are
 */
export async function moveStudies(from: Kysely<Schema>, to: Kysely<Schema>): Promise<string[]> {
  const others: string[] = [];
  for (const study of await from.selectFrom("studies").selectAll().orderBy("name").execute())
    await moveStudy(from, to, study).catch((error) => {
      if (!(error instanceof Differs)) throw error;
      others.push(study.name);
    });
  return others;
}

/** @throws Differs and nothing was done */
async function moveStudy(
  from: Kysely<Schema>,
  to: Kysely<Schema>,
  study: Schema["studies"],
): Promise<void> {
  await to.transaction().execute(async (transaction) => {
    // The researcher's secret may have been renewed there since.
    await transaction
      .insertInto("studies")
      .values(study)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const { seed } = await transaction
      .selectFrom("studies")
      .select("seed")
      .where("name", "=", study.name)
      .executeTakeFirstOrThrow();
    if (seed !== study.seed) throw new Differs();
    for (let last = 0, more = true; more; ) {
      const rows = await eventsAfter(from, study.name, last);
      const there = new Map(
        (await eventsAfter(transaction, study.name, last)).map((row) => [row.seq, row]),
      );
      for (const row of rows) await moveEvent(transaction, row, there.get(row.seq), seed);
      last = rows.at(-1)?.seq ?? last;
      more = rows.length === page;
    }
  });
}

function eventsAfter(db: Kysely<Schema>, study: string, seq: number): Promise<EventRow[]> {
  return db
    .selectFrom("study_events")
    .selectAll()
    .where("study", "=", study)
    .where("seq", ">", seq)
    .orderBy("seq")
    .limit(page)
    .execute();
}

/** @param kept what is there in its place, if anything */
async function moveEvent(
  to: Kysely<Schema>,
  row: EventRow,
  kept: EventRow | undefined,
  seed: string,
): Promise<void> {
  const { study, seq, participant, body, crc } = row;
  const event = studyEvent.parse(JSON.parse(body));
  if (!kept) await to.insertInto("study_events").values(row).execute();
  else if (kept.body !== body || kept.at !== row.at) {
    // Content goes where a participant is deleted, and at no other time.
    if (event.type !== "deleted" || kept.at !== row.at) throw new Differs();
    await to
      .updateTable("study_events")
      .set({ participant, body, crc })
      .where("study", "=", study)
      .where("seq", "=", seq)
      .execute();
  }
  if (event.type === "erased") await dropLessons(to, event, seed);
}

/** Of somebody who was deleted after their lessons had been copied. */
async function dropLessons(
  to: Kysely<Schema>,
  { participant }: Extract<StudyEventBody, { type: "erased" }>,
  seed: string,
): Promise<void> {
  const ids = Array.from(
    { length: mostTasks },
    (_, task) => studyLesson(seed, participant, task).id,
  );
  for (const table of ["policies", "events"] as const)
    await to.deleteFrom(table).where("lesson", "in", ids).execute();
  await to.deleteFrom("lessons").where("id", "in", ids).execute();
}
