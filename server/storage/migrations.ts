import type { Kysely, Migration } from "kysely";
import { createClassTables } from "./classTables.ts";
import { createStudyTables } from "./studyTables.ts";

/**
 * Every change to the tables, by number, oldest first. Kysely keeps in the database which have been
 * done. Data that people made outlives any version of the program, so an entry that has been
 * released is never edited: a change is a new entry.
 */
export const migrations: Record<string, Migration> = {
  "0001": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("lessons")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("created", "bigint", (column) => column.notNull())
        .execute();
      await db.schema
        .createTable("events")
        .addColumn("lesson", "text", (column) => column.notNull().references("lessons.id"))
        .addColumn("seq", "integer", (column) => column.notNull())
        .addColumn("key", "text", (column) => column.notNull())
        .addColumn("at", "bigint", (column) => column.notNull())
        .addColumn("body", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint("events_place", ["lesson", "seq"])
        .addUniqueConstraint("events_key", ["lesson", "key"])
        .execute();
      await db.schema
        .createTable("policies")
        .addColumn("lesson", "text", (column) => column.notNull())
        .addColumn("seq", "integer", (column) => column.notNull())
        .addColumn("json", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint("policies_place", ["lesson", "seq"])
        .execute();
    },
  },
  "0002": {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable("lessons").addColumn("secret", "text").execute();
    },
  },
  "0003": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("checks")
        .addColumn("id", "integer", (column) => column.primaryKey())
        .addColumn("at", "bigint", (column) => column.notNull())
        .execute();
    },
  },
  "0004": {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable("events").addColumn("crc", "integer").execute();
    },
  },
  "0005": {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable("lessons").addColumn("last", "integer").execute();
      await db.schema.alterTable("lessons").addColumn("hash", "text").execute();
      await db.schema.alterTable("events").addColumn("print", "text").execute();
      await db.schema
        .createTable("epochs")
        .addColumn("id", "integer", (column) => column.primaryKey())
        .addColumn("epoch", "text", (column) => column.notNull())
        .execute();
    },
  },
  "0006": { up: createStudyTables },
  "0007": { up: createClassTables },
};
