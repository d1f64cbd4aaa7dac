import { type Kysely, Migrator } from "kysely";
import type { NewRow, Spend, Stored } from "../../../shared/lesson/log.ts";
import { whatOfCertificate } from "../../certificate.ts";
import { random128 } from "../../random128.ts";
import { epochOf, migrationsIn } from "../queries.ts";
import type { Schema } from "../schema.ts";
import { SqlLog } from "../sqlLog.ts";
import { Appends } from "./appends.ts";
import { begin, connectTo } from "./connection.ts";
import { faultOf } from "./errors.ts";
import { migrations } from "./migrations.ts";

/** The log in a PostgreSQL database, which other processes may use at the same time. */
export class PostgresLog extends SqlLog {
  readonly #db: Kysely<Schema>;
  readonly #appends: Appends;

  private constructor(db: Kysely<Schema>, epoch: string) {
    super(db, epoch, faultOf, begin);
    this.#db = db;
    this.#appends = new Appends(db);
  }

  /**
   * Opens the log in the database at `url` and brings its tables up to date, one process at a time.
   * @throws Error in words for whoever runs the server
   */
  static async open(url: string): Promise<PostgresLog> {
    const db = connectTo(url);
    try {
      await requireKnown(db);
      const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
      const { error } = await migrator.migrateToLatest();
      if (error) throw error;
      return new PostgresLog(db, (await epochOf(db)) ?? (await beginEpochOnce(db)));
    } catch (error) {
      await db.destroy();
      throw whyNotOpened(error);
    }
  }

  override async append(
    lesson: string,
    seq: number,
    row: NewRow,
    spend: Spend = () => {},
  ): Promise<Stored | null> {
    const stored =
      row.policy === undefined ? await this.#appends.append(lesson, seq, row, spend) : null;
    // Whatever was in the way, this finds out what, and what is to be said of it.
    return stored ?? super.append(lesson, seq, row, spend);
  }

  override async close(): Promise<void> {
    await this.#db.destroy();
  }
}

/** @throws Error where the tables are another program's, or of a newer version of this one */
async function requireKnown(db: Kysely<Schema>): Promise<void> {
  const done = await migrationsIn(db);
  if (!done) throw new Error("the database is another program's; choose another");
  if (done.some((name) => !Object.hasOwn(migrations, name)))
    throw new Error(
      "the database was written by a newer version of DAgger Dojo; start that one, or restore an older backup",
    );
}

/** Of several processes that begin at once, all have the name that the first one gave. */
async function beginEpochOnce(db: Kysely<Schema>): Promise<string> {
  await db
    .insertInto("epochs")
    .values({ id: 1, epoch: random128() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await epochOf(db))!;
}

/** The same error in words for whoever runs the server. */
function whyNotOpened(error: unknown): Error {
  const { code, message } = error as Error & { code?: string };
  const why = (sentence: string) => new Error(sentence, { cause: error });
  if (code === "28P01" || code === "28000")
    return why(`the database refuses this user: ${message}`);
  if (code === "3D000") return why(`there is no such database: ${message}`);
  const certificate = whatOfCertificate(error as Error);
  if (certificate !== null) return why(certificate);
  const fault = faultOf(error);
  if (fault === "unreachable") return why(`the database does not answer: ${message || code}`);
  if (fault === "unwritable") return why(`the database does not let this user write: ${message}`);
  if (fault === "full") return why(`the database's disk is full: ${message}`);
  return error as Error;
}
