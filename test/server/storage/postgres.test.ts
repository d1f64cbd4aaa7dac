import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { exportLessons } from "../../../server/export/index.ts";
import { importLesson } from "../../../server/import/index.ts";
import { checksum } from "../../../server/storage/chain.ts";
import { begin } from "../../../server/storage/postgres/connection.ts";
import { faultOf } from "../../../server/storage/postgres/errors.ts";
import { PostgresLog } from "../../../server/storage/postgres/log.ts";
import { lessonFile, readLessonFile } from "../../../shared/lesson/file.ts";
import { NotStored, type Row } from "../../../shared/lesson/log.ts";
import { fullHistory } from "../../shared/data/lessons.ts";
import { classClauses } from "./classClauses.ts";
import { contractOf, type Damage, type Store } from "./contract.ts";
import { postgresBin, RunningPostgres } from "./runningPostgres.ts";
import { studyClauses } from "./studyClauses.ts";
import { UnansweredCommits } from "./unansweredCommits.ts";

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

    for (const { name, run } of studyClauses(store.open as () => Promise<PostgresLog>))
      test(`of studies: ${name}`, run);

    for (const { name, run } of classClauses(store.open as () => Promise<PostgresLog>))
      test(`of classes: ${name}`, run);

    test("where somebody holds a lesson, what is written with it is written without it", async () => {
      const log = await PostgresLog.open(postgres.url());
      const holder = new pg.Client({ connectionString: postgres.url() });
      await holder.connect();
      try {
        const { id } = await log.create({ world: "road" });
        await holder.query("begin");
        await holder.query("update lessons set created = created where id = $1", [id]);
        const event = { type: "noted", step: "watch", text: "held" } as const;
        // With a policy, so that it goes the same way as a lesson that begins.
        const row = { key: "held", print: "", event, policy: "{}" };
        const [held, begun] = await Promise.allSettled([
          log.append(id, 2, row),
          log.create({ world: "garden" }),
        ]);
        expect(held).toMatchObject({ status: "rejected", reason: expect.any(NotStored) });
        expect(begun).toMatchObject({ status: "fulfilled" });
        await holder.query("rollback");
        expect(await log.append(id, 2, row)).toMatchObject({ event: { seq: 2 } });
      } finally {
        await holder.end();
        await log.close();
      }
    });

    test("whose process stands still while it writes a lesson holds it for a moment only", async () => {
      const log = await PostgresLog.open(postgres.url());
      const still = new pg.Client({ connectionString: postgres.url() });
      const ended = vi.fn<(error: Error) => void>();
      still.on("error", ended);
      await still.connect();
      try {
        const { id } = await log.create({ world: "road" });
        await still.query(begin);
        await still.query("update lessons set created = created where id = $1", [id]);
        const event = { type: "noted", step: "watch", text: "next" } as const;
        await expect
          .poll(() => log.append(id, 2, { key: "next", print: "", event }).catch(() => null), {
            timeout: 10_000,
          })
          .toMatchObject({ event: { seq: 2 } });
        expect(faultOf(ended.mock.calls[0]![0])).toBe("unreachable");
      } finally {
        await still.end().catch(() => {});
        await log.close();
      }
    });

    test("long events are written by several statements, each lesson's as they came", async () => {
      const log = await PostgresLog.open(postgres.url());
      const asked = vi.spyOn(pg.Client.prototype, "query");
      try {
        const begun = await Promise.all(
          Array.from({ length: 4 }, () => log.create({ world: "road" })),
        );
        const drive = { world: "road", seed: 3000, controllers: [0] };
        const appended = [2, 3].flatMap((seq) =>
          begun.map(({ id }) => {
            const episode = { ...drive, actions: new Array<number>(30_000).fill(seq / 7) };
            const event = { type: "demonstrated", episode } as const;
            return log.append(id, seq, { key: `long-${seq}`, print: "", event });
          }),
        );
        for (const stored of await Promise.all(appended)) expect(stored).not.toBeNull();
        for (const { id } of begun)
          expect((await log.events(id)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
        const sizes = asked.mock.calls
          .filter(([text]) => `${text}`.includes("insert into events"))
          .map((call) => JSON.stringify((call as unknown[])[1]).length);
        expect(sizes.length).toBeGreaterThan(2);
        expect(Math.max(...sizes)).toBeLessThan(1.1e6);
      } finally {
        asked.mockRestore();
        await log.close();
      }
    });

    test("a lesson whose commit is not answered is looked for, and told as begun if it is there", async () => {
      const deaf = await UnansweredCommits.before(postgres.url());
      const log = await PostgresLog.open(deaf.url);
      try {
        const { id, secret } = await log.create({ world: "road" });
        const { events } = await fullHistory();
        const taken = await importLesson(lessonFile(events), { kind: "postgres", url: deaf.url });
        expect(deaf.unanswered).toBe(2);
        expect(await log.isOwner(id, secret)).toBe(true);
        expect(await log.isOwner(taken.id, taken.secret)).toBe(true);
        expect(await log.events(taken.id)).toEqual(events);
      } finally {
        await log.close();
        await deaf.close();
      }
    });

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
