import type { Kysely } from "kysely";

/** The tables of studies, the same in every database. Done by a migration, so that this is never edited. */
export async function createStudyTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("studies")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("created", "bigint", (column) => column.notNull())
    .addColumn("seed", "text", (column) => column.notNull())
    .addColumn("secret", "text")
    .execute();
  await db.schema
    .createTable("study_events")
    .addColumn("study", "text", (column) => column.notNull().references("studies.name"))
    .addColumn("seq", "integer", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("participant", "integer")
    .addColumn("body", "text", (column) => column.notNull())
    .addColumn("crc", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("study_events_place", ["study", "seq"])
    .execute();
}
