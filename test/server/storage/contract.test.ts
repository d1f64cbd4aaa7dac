import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, describe, test } from "vitest";
import { checksum } from "../../../server/storage/chain.ts";
import { SqliteLog } from "../../../server/storage/sqlite/log.ts";
import type { Row } from "../../../shared/lesson/log.ts";
import { contractOf, type Damage, type Store } from "./contract.ts";

describe("a log in SQLite", () => {
  const folder = mkdtempSync(join(tmpdir(), "dojo-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const store: Store = {
    open: () => SqliteLog.open(folder),
    damage: damageOf(join(folder, "lessons.db")),
  };
  for (const { name, run } of contractOf(store)) test(name, () => run(store));
});

function damageOf(file: string): Damage {
  const using = (use: (database: Database.Database) => void) => {
    const database = new Database(file);
    use(database);
    database.close();
  };
  const bodyOf = (database: Database.Database, place: readonly unknown[]) =>
    database
      .prepare("select key, at, body from events where lesson = ? and seq = ?")
      .get([...place]);
  return {
    async flip(...place) {
      using((database) => {
        const { body } = bodyOf(database, place) as Row;
        const bytes = Buffer.from(body);
        // A digit stays a digit: still JSON, and an event.
        bytes[body.search(/\d\D*$/)]! ^= 1;
        database
          .prepare("update events set body = ? where lesson = ? and seq = ?")
          .run([bytes.toString(), ...place]);
      });
    },
    async remove(...place) {
      using((database) => {
        database.prepare("delete from events where lesson = ? and seq = ?").run([...place]);
      });
    },
    async replace(...place) {
      using((database) => {
        const { at, body } = bodyOf(database, place) as Row;
        const row = { key: "another-key", at: at - 1, body };
        database
          .prepare("update events set key = ?, at = ?, crc = ? where lesson = ? and seq = ?")
          .run([row.key, row.at, checksum(row), ...place]);
      });
    },
  };
}
