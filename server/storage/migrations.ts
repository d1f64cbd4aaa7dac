import type { Kysely, Migration } from "kysely";

/** The tables, as the last of the {@link migrations} leaves them. */
export interface Schema {
  lessons: {
    id: string;
    /** Milliseconds since 1970. */
    created: number;
    /** SHA-256 of the secret that lets one teach, hex; null in lessons of before there were any. */
    secret: string | null;
    /** Number of the last event; null in lessons of before it was kept. */
    last: number | null;
    /** Hash of all events up to `last`, see `Tail`; null likewise. */
    hash: string | null;
  };
  events: {
    lesson: string;
    /** 1, 2, 3 … within a lesson, without gaps. */
    seq: number;
    /** Chosen by whoever asked for the event; nothing is done twice under one key. */
    key: string;
    /** Milliseconds since 1970. */
    at: number;
    /** The event as JSON, without `seq` and `at`. */
    body: string;
    /** Checksum of the row, see `Log`; null in rows of before there were any. */
    crc: number | null;
    /**
     * SHA-256, hex, of the request that came with the key: the key with another request is a mistake.
     * Null in rows of before it was kept, and in each lesson's first.
     */
    print: string | null;
  };
  /**
   * The parameters of each policy that a `trained` event speaks of. They follow from the log, so
   * this table may be emptied and computed again.
   */
  policies: { lesson: string; seq: number; json: string };
  /** One row, written for no other reason than to see whether it can be. */
  checks: { id: number; at: number };
  /** One row: by which name pages know this log. A restored backup gets another. */
  epochs: { id: number; epoch: string };
}

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
};
