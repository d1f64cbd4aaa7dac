import { join } from "node:path";
import Database from "libsql";
import { checksum, emptyTail, extended, type Tail } from "../../server/storage/chain.ts";
import { eventOf, type NewRow, type Stored } from "../../shared/lesson/log.ts";

/** Writes in one transaction. */
const most = 128;

/** Appends as `SqliteLog` does, by prepared statements without a query builder. */
export class PlainLog {
  readonly #database: Database.Database;
  readonly #event: Database.Statement;
  readonly #tail: Database.Statement;
  readonly #tailOf: Database.Statement;
  readonly #writes: { write: () => Stored | null; resolve: (stored: Stored | null) => void }[] = [];

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
    const insert = "insert into lessons (id, created, last, hash) values (?, 0, ?, ?)";
    this.#database.prepare(insert).run([lesson, emptyTail.last, emptyTail.hash]);
  }

  append(lesson: string, seq: number, { key, print, event }: NewRow): Promise<Stored | null> {
    const row = { key, at: Date.now(), body: JSON.stringify(event) };
    const write = () => {
      const { changes } = this.#event.run(
        lesson,
        seq,
        row.key,
        row.at,
        row.body,
        checksum(row),
        print,
      );
      if (changes === 0) return null;
      const tail = extended(this.#tailOf.get([lesson]) as Tail, row);
      this.#tail.run(tail.last, tail.hash, lesson);
      return { event: eventOf(row, seq), row };
    };
    return new Promise((resolve) => {
      if (this.#writes.length === 0) setImmediate(() => this.#flush());
      this.#writes.push({ write, resolve });
    });
  }

  close(): void {
    this.#database.close();
  }

  #flush(): void {
    const writes = this.#writes.splice(0, most);
    if (this.#writes.length > 0) setImmediate(() => this.#flush());
    this.#database.exec("begin immediate");
    const stored = writes.map(({ write }) => write());
    this.#database.exec("commit");
    for (const [i, { resolve }] of writes.entries()) resolve(stored[i]!);
  }
}
