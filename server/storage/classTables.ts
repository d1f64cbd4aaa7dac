import type { Kysely } from "kysely";

/** The tables of classes, the same in every database. Done by a migration, so that this is never edited. */
export async function createClassTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("classes")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("created", "bigint", (column) => column.notNull())
    .addColumn("seed", "text", (column) => column.notNull())
    .addColumn("secret", "text")
    .execute();
  await db.schema
    .createTable("class_events")
    .addColumn("class", "text", (column) => column.notNull().references("classes.name"))
    .addColumn("seq", "integer", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("participant", "integer")
    .addColumn("body", "text", (column) => column.notNull())
    .addColumn("crc", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("class_events_place", ["class", "seq"])
    .execute();
  await db.schema
    .createTable("class_codes")
    .addColumn("code", "text", (column) => column.primaryKey())
    .addColumn("class", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("class_lessons")
    .addColumn("lesson", "text", (column) => column.primaryKey())
    .addColumn("class", "text", (column) => column.notNull())
    .addColumn("pupil", "integer", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("class_lessons_class").on("class_lessons").column("class").execute();
  await db.schema
    .createTable("class_results")
    .addColumn("class", "text", (column) => column.primaryKey())
    .addColumn("seq", "integer", (column) => column.notNull())
    .addColumn("json", "text", (column) => column.notNull())
    .execute();
}
