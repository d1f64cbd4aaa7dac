import { join as joinPath } from "node:path";
import Database from "libsql";
import { afterEach, describe, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { post, reserve } from "../fuzz/wire.ts";
import { Asker } from "../load/asker.ts";
import {
  createLesson,
  enter,
  eventsOf,
  join,
  newKey,
  RunningServer,
  refusal,
  startServer,
  temporaryFolder,
} from "./server.ts";

const METRICS_TOKEN = "metrics-token";
let server: RunningServer;
afterEach(() => server.kill());

async function openRooms(): Promise<number> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const text = await (await fetch(`${server.address}/metrics`, { headers })).text();
  return Number(text.match(/^dojo_open_rooms (\d+)$/m)![1]);
}

/** A lesson with `n` events without effect, which is not open yet. */
async function longLesson(n: number): Promise<string> {
  const lesson = await createLesson(server, "garden");
  await server.stop();
  const database = new Database(joinPath(server.dataFolder, "lessons.db"));
  const add = database.prepare(
    "insert into events (lesson, seq, key, at, body) values (?, ?, ?, 0, ?)",
  );
  const body = JSON.stringify({ type: "dealt", taste: "duck", padding: "x".repeat(1000) });
  database.exec("begin");
  for (let seq = 2; seq <= n; seq++) add.run([lesson, seq, `padding-${seq}`, body]);
  database.exec("commit");
  database.close();
  await server.start();
  return lesson;
}

describe("one room a lesson", () => {
  test("for all clients that join while it opens, with the same events", async () => {
    server = await startServer(temporaryFolder(), { METRICS_TOKEN });
    const lesson = await longLesson(15_000);
    const people = await Promise.all(Array.from({ length: 20 }, () => join(server, lesson)));
    expect(await openRooms()).toBe(1);
    expect(new Set(people.map(({ room }) => room.roomId)).size).toBe(1);
    const { seq } = await people[0]!.room.request("deal", { key: newKey(), taste: "gardener" });
    expect(seq).toBe(15_001);
    for (const { heard } of people)
      await expect.poll(() => heard.map((each) => each.seq)).toEqual([seq]);
  });

  test("opens a lesson of twenty thousand events", async () => {
    server = await startServer();
    const lesson = await longLesson(19_999);
    const someone = await join(server, lesson);
    const deal = (taste: string) => someone.room.request("deal", { key: newKey(), taste });
    expect(await deal("duck")).toEqual({ seq: 20_000 });
    expect((await refusal(deal("gardener"))).code).toBe("full");
    expect(await eventsOf(someone)).toHaveLength(20_000);
  });
});

describe("vacant rooms", () => {
  const slow = { policy: "mlpEnsemble", query: "every", budget: 20, drives: 10 };

  /** Starts a long training in a new lesson, and leaves. */
  async function desert(): Promise<void> {
    const { room, progress } = await join(server, await createLesson(server, "road"));
    const episode = demonstrate(worlds.road!, 5000);
    for (let i = 0; i < 20; i++) await room.request("demonstrate", { key: newKey(), episode });
    room.request("train", { key: newKey(), plan: slow }).catch(() => {});
    await expect.poll(() => progress.length).toBeGreaterThan(0);
    await room.leave();
  }

  test("finish their work, but at most eight for one address", async () => {
    server = await startServer(temporaryFolder(), { METRICS_TOKEN });
    for (let i = 0; i < 12; i++) await desert();
    await expect.poll(openRooms, { timeout: 60_000 }).toBeLessThanOrEqual(8);
    expect(await openRooms()).toBeGreaterThan(4);
  });

  test("close when another room needs their place", async () => {
    server = await startServer(temporaryFolder(), { METRICS_TOKEN, MAX_ROOMS: "3" });
    for (let i = 0; i < 3; i++) await desert();
    const someone = await join(server, await createLesson(server, "garden"));
    expect(await eventsOf(someone)).toHaveLength(1);
  });

  // Only on Linux does a machine have many local addresses.
  test.skipIf(process.platform !== "linux")(
    "count for their owners, whoever looks on",
    async () => {
      server = await startServer(temporaryFolder(), { METRICS_TOKEN });
      const lessons: string[] = [];
      const episode = demonstrate(worlds.road!, 5000);
      for (let i = 1; i <= 10; i++) {
        const { id, secret } = (await post(server, "/api/lessons", { world: "road" })) as Begun;
        const owner = await Asker.open(server, { lesson: id, secret }, `127.0.1.${i}`);
        for (let n = 0; n < 60; n++) await owner.ask("demonstrate", { key: newKey(), episode });
        void owner.ask("train", { key: newKey(), plan: slow });
        // Refused once the training has begun.
        expect(await owner.ask("policy", {})).toBe("refused");
        owner.end();
        lessons.push(id);
      }
      for (const lesson of [...lessons, ...lessons]) {
        const onlooker = await Asker.open(server, { lesson }, "127.0.2.1");
        expect(await onlooker.ask("events", { since: 0 })).toBe("done");
        onlooker.end();
      }
      expect(await openRooms()).toBe(10);
    },
  );

  test("with reserved seats are at most as many as an address may have connections", async () => {
    server = await startServer(temporaryFolder(), { MAX_CONNECTIONS: "4" });
    for (let i = 0; i < 4; i++)
      await reserve(server, { lesson: await createLesson(server, "road") });
    const fifth = await createLesson(server, "road");
    await expect(reserve(server, { lesson: fifth })).rejects.toThrow(
      /429 .*Too many lessons are open/,
    );
    // They expire after a while.
    await expect
      .poll(
        () =>
          reserve(server, { lesson: fifth }).then(
            () => true,
            () => false,
          ),
        { timeout: 30_000 },
      )
      .toBe(true);
  });
});

test("logs Colyseus' warnings about failed joins at most twenty times a minute", async () => {
  server = await startServer();
  for (let i = 0; i < 60; i++) await enter(server, { lesson: "a".repeat(22) }).catch(() => {});
  expect(
    server.stdout.split("\n").filter((line) => line.includes("warn")).length,
  ).toBeLessThanOrEqual(20);
});

test("tells clients of events that another process wrote while the lesson was not in memory", async () => {
  const folder = temporaryFolder();
  server = await startServer(folder, { MAX_IDLE_SECONDS: "1" });
  const lesson = await createLesson(server, "garden");
  const here = await join(server, lesson);
  const other = new RunningServer(folder);
  await other.start();
  try {
    await expect.poll(() => server.isUp).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1500)); // it is forgotten by then
    const there = await join(other, lesson);
    await there.room.request("deal", { key: newKey(), taste: "duck" });
    await here.room.request("deal", { key: newKey(), taste: "gardener" });
    expect(here.heard.map(({ seq }) => seq)).toEqual([2, 3]);
  } finally {
    await other.kill();
  }
});
