import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { road } from "../../shared/worlds/road/levels.ts";
import {
  createLesson,
  end,
  eventsOf,
  join,
  launch,
  newKey,
  type Participant,
  type RunningServer,
  refusal,
  startServer,
  temporaryFolder,
} from "./server.ts";
import { postgresBin, RunningPostgres } from "./storage/runningPostgres.ts";

const plan = { policy: "fourier", query: "random", budget: 200, drives: 2 };
const label = (index: number) => ({ round: 0, index, action: [0.001 * index] });

/** A lesson that waits for answers. */
async function asking(server: RunningServer) {
  const lesson = await createLesson(server, "road");
  const teacher = await join(server, lesson);
  await teacher.room.request("demonstrate", { key: newKey(), episode: demonstrate(road, 6000) });
  await teacher.room.request("train", { key: newKey(), plan }, { timeout: 60_000 });
  return { lesson, teacher };
}

const labelsIn = (events: readonly LessonEvent[]) =>
  events.filter(({ type }) => type === "labelled").length;

test("what needs PostgreSQL runs where it can be had", () => {
  expect(postgresBin === null || postgresBin !== "").toBe(true);
});

if (postgresBin !== null)
  describe("a server with DATABASE_URL", () => {
    let postgres: RunningPostgres;
    let databases = 0;
    const fresh = () => postgres.database(`fresh_${databases++}`);
    beforeAll(async () => {
      postgres = await RunningPostgres.start();
    });
    afterAll(() => postgres.remove());

    test("keeps lessons over a restart, takes them in from files, and writes nothing to its folder", async () => {
      const server = await startServer(temporaryFolder(), { DATABASE_URL: await fresh() });
      try {
        const { lesson, teacher } = await asking(server);
        await teacher.room.request("label", { key: newKey(), ...label(0) });
        const before = await eventsOf(teacher);
        const file = await (await fetch(`${server.address}/api/lessons/${lesson}/file`)).text();
        const posted = await fetch(`${server.address}/api/lessons/file`, {
          method: "POST",
          body: file,
        });
        expect(posted.status).toBe(201);
        const { id } = (await posted.json()) as { id: string };
        await server.stop();
        await server.start();
        expect(await eventsOf(await join(server, lesson))).toEqual(before);
        expect((await eventsOf(await join(server, id))).slice(1)).toEqual(before.slice(1));
        expect((await fetch(`${server.address}/api/health`)).status).toBe(200);
      } finally {
        await server.kill();
      }
    });

    test("of which two begin at once makes the tables once, and lets both teach in one lesson", async () => {
      const env = { DATABASE_URL: await fresh() };
      const [here, there] = await Promise.all([
        startServer(temporaryFolder(), env),
        startServer(temporaryFolder(), env),
      ]);
      try {
        const { lesson, teacher } = await asking(here);
        const other = await join(there, lesson);
        const give = ({ room }: Participant, index: number) =>
          room.request("label", { key: newKey(), ...label(index) });
        await give(teacher, 0);
        await give(other, 1);
        await give(teacher, 2);
        expect(await eventsOf(other)).toEqual(await eventsOf(teacher));
        expect(labelsIn(await eventsOf(other))).toBe(3);
      } finally {
        await Promise.all([here.kill(), there.kill()]);
      }
    });

    test("loses nothing that it acknowledged when the database is killed, says so, and goes on by itself", async () => {
      const server = await startServer(temporaryFolder(), { DATABASE_URL: await fresh() });
      try {
        const { lesson, teacher } = await asking(server);
        let acknowledged = 0;
        const refused: string[] = [];
        let isOver = false;
        // Label after label, the same one again while it is refused; some of them while the database dies.
        const teaching = (async () => {
          for (let key = newKey(); !isOver; ) {
            const asked = teacher.room.request("label", { key, ...label(acknowledged) });
            const why = await asked.then(
              () => null,
              async () => refusal(asked),
            );
            if (why === null) {
              acknowledged++;
              key = newKey();
            } else {
              expect(why.code).toBe("not-stored");
              refused.push(why.reason);
            }
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
        })();
        for (let kills = 0; kills < 2; kills++) {
          const [stored, refusals] = [acknowledged, refused.length];
          await expect.poll(() => acknowledged).toBeGreaterThan(stored + 3);
          await postgres.kill();
          await expect.poll(() => refused.length).toBeGreaterThan(refusals);
          await postgres.start();
        }
        const last = acknowledged;
        await expect.poll(() => acknowledged).toBeGreaterThan(last + 3);
        isOver = true;
        await teaching;
        expect(new Set(refused)).toEqual(
          new Set([
            "The server's database does not answer, so this may not have been stored; try again later.",
          ]),
        );
        expect(labelsIn(await eventsOf(teacher))).toBe(acknowledged);
        await server.kill();
        await server.start();
        expect(labelsIn(await eventsOf(await join(server, lesson)))).toBe(acknowledged);
      } finally {
        await server.kill();
      }
    });

    test("says so where somebody holds a lesson, and others go on meanwhile", async () => {
      const url = await fresh();
      const server = await startServer(temporaryFolder(), { DATABASE_URL: url });
      const holder = new pg.Client({ connectionString: url });
      await holder.connect();
      try {
        const [held, free] = [await asking(server), await asking(server)];
        await holder.query("begin");
        await holder.query("update lessons set created = created where id = $1", [held.lesson]);
        const give = ({ room }: Participant) =>
          room.request("label", { key: newKey(), ...label(0) });
        const [why] = await Promise.all([refusal(give(held.teacher)), give(free.teacher)]);
        expect(why).toMatchObject({ code: "not-stored" });
        await holder.query("rollback");
        await give(held.teacher);
        expect(labelsIn(await eventsOf(held.teacher))).toBe(1);
      } finally {
        await holder.end();
        await server.kill();
      }
    });

    describe("ends with one sentence", () => {
      const said = async (url: string) => {
        const { code, stdout, stderr } = await end(
          launch({ PORT: "0", DATABASE_URL: url, DATA_DIR: temporaryFolder() }),
        );
        expect([code, stdout]).toEqual([1, ""]);
        expect(stderr).not.toMatch(/secret/);
        expect(stderr.trim().split("\n")).toHaveLength(1);
        return stderr;
      };

      test("where the address is none, or another database's", async () => {
        for (const url of ["dojo", "mysql://someone:secret@localhost/dojo", "postgres//secret@x"])
          expect(await said(url)).toMatch(/^DATABASE_URL is not an address as in postgres:/);
      });

      test("where nobody answers, there is no such database, or the user is refused", async () => {
        expect(await said("postgres://dojo:secret@127.0.0.1:1/dojo")).toMatch(
          /^Cannot keep lessons in the database at 127\.0\.0\.1:1 \(DATABASE_URL\): the database does not answer: /,
        );
        expect(await said(postgres.url("nowhere"))).toMatch(/: there is no such database: /);
        expect(await said(postgres.url().replace("//dojo@", "//stranger:secret@"))).toMatch(
          /: the database refuses this user: /,
        );
      });

      test("where the tables are another program's, or a newer version's", async () => {
        const others = await fresh();
        await postgres.query("create table recipes (id int)", [], others);
        expect(await said(others)).toMatch(
          /: the database is another program's; choose another\.$/m,
        );
        const newer = await fresh();
        const server = await startServer(temporaryFolder(), { DATABASE_URL: newer });
        await server.stop();
        await postgres.query(
          "insert into kysely_migration (name, timestamp) values ('9999', 'then')",
          [],
          newer,
        );
        expect(await said(newer)).toMatch(/was written by a newer version of DAgger Dojo/);
      });

      test("where it may not be written", async () => {
        const url = await fresh();
        const name = new URL(url).pathname.slice(1);
        await postgres.query(`alter database ${name} set default_transaction_read_only = on`);
        expect(await said(url)).toMatch(/: the database does not let this user write: /);
      });
    });
  });
