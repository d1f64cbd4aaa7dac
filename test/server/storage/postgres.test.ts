import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportLessons } from "../../../server/export/index.ts";
import { importLesson } from "../../../server/import/index.ts";
import { checksum } from "../../../server/storage/chain.ts";
import { PostgresLog } from "../../../server/storage/postgres/log.ts";
import { lessonFile, readLessonFile } from "../../../shared/lesson/file.ts";
import type { Row } from "../../../shared/lesson/log.ts";
import { fullHistory } from "../../shared/data/lessons.ts";
import { contractOf, type Damage, type Store } from "./contract.ts";
import { postgresBin, RunningPostgres } from "./runningPostgres.ts";

let postgres: RunningPostgres;

test("PostgreSQL is kept to where it can be had", () => {
  expect(postgresBin === null || postgresBin.length > 0).toBe(true);
});

if (postgresBin !== null)
  describe("a log in PostgreSQL", () => {
    beforeAll(async () => {
      postgres = await RunningPostgres.start();
    });
    afterAll(() => postgres.remove());

    const damage: Damage = {
      async flip(...place) {
        const [row] = await postgres.query(
          "select body from events where lesson = $1 and seq = $2",
          place,
        );
        const { body } = row as Row;
        const bytes = Buffer.from(body);
        // A digit stays a digit: still JSON, and an event.
        bytes[body.search(/\d\D*$/)]! ^= 1;
        await postgres.query("update events set body = $3 where lesson = $1 and seq = $2", [
          ...place,
          bytes.toString(),
        ]);
      },
      async remove(...place) {
        await postgres.query("delete from events where lesson = $1 and seq = $2", place);
      },
      async replace(...place) {
        const [found] = await postgres.query(
          "select at, body from events where lesson = $1 and seq = $2",
          place,
        );
        const row = { key: "another-key", at: Number(found.at) - 1, body: found.body };
        await postgres.query(
          "update events set key = $3, at = $4, crc = $5 where lesson = $1 and seq = $2",
          [...place, row.key, row.at, checksum(row)],
        );
      },
    };
    const store: Store = { open: () => PostgresLog.open(postgres.url()), damage };
    for (const { name, run } of contractOf(store)) test(name, () => run(store));

    test("a lesson is imported and exported as with SQLite", async () => {
      const place = { kind: "postgres", url: postgres.url() } as const;
      const { events } = await fullHistory();
      const { id } = await importLesson(lessonFile(events), place);
      const to = join(mkdtempSync(join(tmpdir(), "dojo-")), "out");
      const order = { from: place, lessons: [id], format: "jsonl", to };
      expect(await exportLessons(order)).toMatchObject({ lessons: 1, episodes: 8 });
      const file = readFileSync(join(to, "lessons", `${id}.jsonl`), "utf8");
      expect(readLessonFile(file)).toEqual(events);
    });
  });
