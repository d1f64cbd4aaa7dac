import type { Kysely, Migration } from "kysely";
import { createClassTables } from "../classTables.ts";
import { createStudyTables } from "../studyTables.ts";

/**
 * Every change to the tables, by number, oldest first; see those of SQLite (`../migrations.ts`), which began
 * earlier. A checksum has 32 bits without a sign, for which an integer has no room here.
 */
export const migrations: Record<string, Migration> = {
  "0001": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("lessons")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("created", "bigint", (column) => column.notNull())
        .addColumn("secret", "text")
        .addColumn("last", "integer")
        .addColumn("hash", "text")
        .execute();
      await db.schema
        .createTable("events")
        .addColumn("lesson", "text", (column) => column.notNull().references("lessons.id"))
        .addColumn("seq", "integer", (column) => column.notNull())
        .addColumn("key", "text", (column) => column.notNull())
        .addColumn("at", "bigint", (column) => column.notNull())
        .addColumn("body", "text", (column) => column.notNull())
        .addColumn("crc", "bigint")
        .addColumn("print", "text")
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
      for (const [table, column, type] of [
        ["checks", "at", "bigint"],
        ["epochs", "epoch", "text"],
      ] as const)
        await db.schema
          .createTable(table)
          .addColumn("id", "integer", (column) => column.primaryKey())
          .addColumn(column, type, (column) => column.notNull())
          .execute();
    },
  },
  "0002": { up: createStudyTables },
  "0003": { up: createClassTables },
};
