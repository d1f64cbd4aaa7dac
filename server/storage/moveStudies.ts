import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** Events that are copied at a time. */
const page = 500;

/**
 * Copies all studies to another database, whose lessons are copied on their own: what is there already is brought up to
 * date, so that who was deleted here is deleted there.
 * @returns names of studies that are there with other events, and were left as they are
 */
export async function moveStudies(from: Kysely<Schema>, to: Kysely<Schema>): Promise<string[]> {
  const others: string[] = [];
  for (const study of await from.selectFrom("studies").selectAll().orderBy("name").execute()) {
    const known = await to
      .selectFrom("studies")
      .select("seed")
      .where("name", "=", study.name)
      .executeTakeFirst();
    if (known && known.seed !== study.seed) others.push(study.name);
    else await moveStudy(from, to, study);
  }
  return others;
}

async function moveStudy(
  from: Kysely<Schema>,
  to: Kysely<Schema>,
  study: Schema["studies"],
): Promise<void> {
  await to.transaction().execute(async (transaction) => {
    const { secret } = study;
    await transaction
      .insertInto("studies")
      .values(study)
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ secret }))
      .execute();
    for (let last = 0, more = true; more; ) {
      const rows = await from
        .selectFrom("study_events")
        .selectAll()
        .where("study", "=", study.name)
        .where("seq", ">", last)
        .orderBy("seq")
        .limit(page)
        .execute();
      for (const row of rows)
        await transaction
          .insertInto("study_events")
          .values(row)
          .onConflict((conflict) =>
            conflict
              .columns(["study", "seq"])
              .doUpdateSet({ participant: row.participant, body: row.body, crc: row.crc }),
          )
          .execute();
      last = rows.at(-1)?.seq ?? last;
      more = rows.length === page;
    }
  });
}
