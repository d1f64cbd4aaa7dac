import { join } from "node:path";
import Database from "libsql";
import { checksum, emptyTail, extended, type Tail } from "../../server/storage/chain.ts";
import { timed } from "../../server/time.ts";
import { eventOf, type NewRow, type Spend, type Stored } from "../../shared/lesson/log.ts";

/** Writes in one transaction. */
const most = 128;

interface Write {
  readonly write: () => Stored | null;
  readonly resolve: (stored: Stored | null) => void;
  readonly reject: (why: unknown) => void;
  readonly spend: Spend;
}

/**
 * Appends as `SqliteLog` does, with the same checks of the tail and the same account of time, but by
 * prepared statements without a query builder. It does not try again what failed.
 */
export class PlainLog {
  readonly #database: Database.Database;
  readonly #event: Database.Statement;
  readonly #tail: Database.Statement;
  readonly #tailOf: Database.Statement;
  readonly #writes: Write[] = [];

  /** @param folder of a log that has been opened before, so that the tables exist */
  constructor(folder: string) {
    const database = new Database(join(folder, "lessons.db"));
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    this.#database = database;
    this.#event = database.prepare(
      "insert into events (lesson, seq, key, at, body, crc, print) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
    );
    this.#tail = database.prepare("update lessons set last = ?, hash = ? where id = ?");
    this.#tailOf = database.prepare("select last, hash from lessons where id = ?");
  }

  create(lesson: string): void {
    const insert = "insert into lessons (id, created, last, hash, secret) values (?, 0, ?, ?, ?)";
    this.#database.prepare(insert).run([lesson, emptyTail.last, emptyTail.hash, "0".repeat(64)]);
  }

  append(
    lesson: string,
    seq: number,
    { key, print, event }: NewRow,
    spend: Spend = () => {},
  ): Promise<Stored | null> {
    const row = { key, at: Date.now(), body: JSON.stringify(event) };
    const write = () => {
      const before = this.#tailOf.get([lesson]) as Tail;
      if (before.last < seq - 1) throw new Error("The last events of this lesson are missing");
      const { changes } = this.#event.run([
        lesson,
        seq,
        row.key,
        row.at,
        row.body,
        checksum(row),
        print,
      ]);
      if (changes === 0) return null;
      if (before.last >= seq) throw new Error("The last events of this lesson are missing");
      const tail = extended(before, row);
      this.#tail.run([tail.last, tail.hash, lesson]);
      return { event: eventOf(row, seq), row };
    };
    return new Promise((resolve, reject) => {
      if (this.#writes.length === 0) setImmediate(() => this.#flush());
      this.#writes.push({ write, resolve, reject, spend });
    });
  }

  close(): void {
    this.#database.close();
  }

  #flush(): void {
    const writes = this.#writes.splice(0, most);
    timed(
      () => this.#commit(writes),
      (ms) => {
        for (const { spend } of writes) spend(ms / writes.length);
      },
    );
    if (this.#writes.length > 0) setImmediate(() => this.#flush());
  }

  #commit(writes: readonly Write[]): void {
    try {
      this.#database.exec("begin immediate");
      const stored = writes.map(({ write }) => write());
      this.#database.exec("commit");
      for (const [i, { resolve }] of writes.entries()) resolve(stored[i]!);
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec("rollback");
      for (const { reject } of writes) reject(error);
    }
  }
}
