import type { ChildProcess } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join as joinPath } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "libsql";
import { afterEach, describe, expect, test } from "vitest";
import { SqliteLog } from "../../server/storage/sqlite/log.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { type LessonEvent, read } from "../../shared/lesson/fold.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { launchWithin, makeRoom } from "./limited.ts";
import {
  createLesson,
  eventsOf,
  join,
  newKey,
  type Participant,
  RunningServer,
  refusal,
  startServer,
  temporaryFolder,
} from "./server.ts";

let server: RunningServer;
afterEach(() => server.kill());

const file = () => joinPath(server.dataFolder, "lessons.db");
const episode = demonstrate(worlds.road!, 6000);
const show = ({ room }: Participant, key = newKey()) =>
  room.request("demonstrate", { key, episode });

/** Shows `times` episodes and returns the lesson's events. */
async function taught(someone: Participant, times: number): Promise<readonly LessonEvent[]> {
  for (let i = 0; i < times; i++) await show(someone);
  return eventsOf(someone);
}

/** Starts the server with limited space, and returns a function that frees more. */
async function startWithin(size: number): Promise<() => void> {
  let child: ChildProcess;
  await server.start("0", (env) => {
    child = launchWithin(size)(env);
    return child;
  });
  return () => makeRoom(child);
}

describe("a full disk", () => {
  test("refuses what does not fit with a sentence, serves the rest, and writes again later", async () => {
    server = new RunningServer(temporaryFolder());
    const makeRoom = await startWithin(400_000);
    const lesson = await createLesson(server, "road");
    const someone = await join(server, lesson);
    const key = newKey();
    for (let i = 0; i < 1000; i++) {
      const answer = await show(someone, `${key}-${i}`).catch(({ reason }) => reason);
      if (!("code" in answer)) continue;
      expect(answer).toEqual({
        code: "not-stored",
        reason: expect.stringMatching(/^The server .* was not stored; try again .*\.$/),
      });
      const before = await eventsOf(someone);
      expect(before).toHaveLength(i + 1);
      expect(await refusal(show(someone, `${key}-${i}`))).toMatchObject({ code: "not-stored" });
      expect(await eventsOf(await join(server, lesson))).toEqual(before);
      makeRoom();
      expect(await show(someone, `${key}-${i}`)).toEqual({ seq: i + 2 });
      await server.kill();
      await server.start();
      const after = await eventsOf(await join(server, lesson));
      expect(after.slice(0, -1)).toEqual(before);
      expect(after).toHaveLength(i + 2);
      return;
    }
    throw new Error("the disk was never full");
  });

  test("does not prevent the server from starting or anyone from reading", async () => {
    server = await startServer();
    const lesson = await createLesson(server, "road");
    const before = await taught(await join(server, lesson), 2);
    await server.stop();
    const makeRoom = await startWithin(0);
    const someone = await join(server, lesson);
    expect(await eventsOf(someone)).toEqual(before);
    expect(await refusal(show(someone))).toMatchObject({ code: "not-stored" });
    makeRoom();
    expect(await show(someone)).toEqual({ seq: 4 });
  });
});

test("a trained policy that did not fit is stored once there is space, without training again", async () => {
  server = await startServer();
  const lesson = await createLesson(server, "road");
  await taught(await join(server, lesson), 1);
  await server.stop();
  const makeRoom = await startWithin(0);
  const someone = await join(server, lesson);
  const key = newKey();
  const plan = { policy: "fourier", query: "novel", budget: 4, drives: 1 };
  const train = () => someone.room.request("train", { key, plan });
  const computed = () => someone.progress.filter(({ share }) => share !== null).length;
  expect(await refusal(train())).toMatchObject({ code: "not-stored" });
  const before = computed();
  expect(before).toBeGreaterThan(0);
  expect(await refusal(train())).toMatchObject({ code: "not-stored" });
  makeRoom();
  expect(await train()).toEqual({ seq: 3 });
  expect(computed()).toBe(before);
  const other = { key: newKey(), plan: { ...plan, policy: "linear" } };
  expect(await someone.room.request("train", other)).toEqual({ seq: 4 });
  expect(computed()).toBeGreaterThan(before);
});

test("stores a lesson's first and last policies, and computes the others again", async () => {
  server = await startServer();
  const lesson = await createLesson(server, "road");
  const someone = await join(server, lesson);
  await taught(someone, 1);
  const plan = { policy: "fourier", query: "novel", budget: 4, drives: 1 };
  for (const policy of ["fourier", "linear", "fourier", "linear"])
    await someone.room.request("train", { key: newKey(), plan: { ...plan, policy } });
  const database = new Database(file());
  expect(database.prepare("select seq from policies order by seq").all()).toEqual([
    { seq: 3 },
    { seq: 6 },
  ]);
  database.close();
  expect(await someone.room.request("policy", {})).toMatchObject({ round: 3 });
  const race = await someone.room.request("race", { seed: 5000 });
  expect(race.episodes.map(({ round }) => round)).toEqual([0, 3]);
});

test("SIGTERM leaves a single database file with everything in it", async () => {
  server = await startServer();
  const lesson = await createLesson(server, "road");
  const before = await taught(await join(server, lesson), 3);
  await server.stop();
  expect(readdirSync(server.dataFolder)).toEqual(["lessons.db"]);
  const elsewhere = temporaryFolder();
  copyFileSync(file(), joinPath(elsewhere, "lessons.db"));
  const log = await SqliteLog.open(elsewhere);
  expect(await log.events(lesson)).toEqual(before.map(read));
  await log.close();
});

test("with a truncated or damaged write-ahead log, everything before the damage is there and can be added to", async () => {
  server = await startServer();
  const lesson = await createLesson(server, "road");
  const someone = await join(server, lesson);
  // The log's length at an event's acknowledgement: damage after that must not affect the event.
  const ends: number[] = [];
  const wal = `${file()}-wal`;
  for (let i = 0; i < 8; i++) {
    await show(someone);
    ends.push(readFileSync(wal).length);
  }
  const events = await eventsOf(someone);
  await server.kill();
  const whole = readFileSync(wal);
  for (let place = ends[0]! - 1; place <= whole.length; place += 7919) {
    for (const damage of ["cut", "flip"]) {
      const folder = joinPath(temporaryFolder(), damage);
      mkdirSync(folder);
      copyFileSync(file(), joinPath(folder, "lessons.db"));
      const damaged = Buffer.from(damage === "cut" ? whole.subarray(0, place) : whole);
      if (damage === "flip" && place < whole.length) damaged[place]! ^= 0x10;
      writeFileSync(joinPath(folder, "lessons.db-wal"), damaged);
      const log = await SqliteLog.open(folder);
      const found = await log.events(lesson);
      const safe = 1 + ends.filter((end) => end <= place).length;
      expect(found.length, `${damage} at ${place}`).toBeGreaterThanOrEqual(safe);
      expect(found).toEqual(events.slice(0, found.length).map(read));
      const seq = found.length + 1;
      const row = { key: newKey(), print: "", event: { type: "demonstrated", episode } } as const;
      const added = await log.append(lesson, seq, row);
      expect(await log.events(lesson)).toEqual([...found, added!.event]);
      await log.close();
    }
  }
});

describe("damage in the middle", () => {
  test("with a page of zeros, only the lessons on it are reported as damaged", async () => {
    server = await startServer();
    const lessons: string[] = [];
    for (let i = 0; i < 6; i++) lessons.push(await createLesson(server, "road"));
    const before = new Map<string, readonly LessonEvent[]>();
    for (const id of lessons) before.set(id, await taught(await join(server, id), 3));
    await server.stop();
    const bytes = readFileSync(file());
    // The last of these pages has no first event of a lesson, which every lesson needs.
    const body = bytes.lastIndexOf(JSON.stringify(episode).slice(0, 60));
    const page = body - (body % 4096);
    writeFileSync(file(), bytes.fill(0, page, page + 4096));

    await server.start();
    const outcomes = await Promise.all(
      lessons.map(async (id) => {
        const someone = await join(server, id).catch(({ message }) => message as string);
        if (typeof someone === "string") return someone;
        expect(await eventsOf(someone)).toEqual(before.get(id));
        return "whole";
      }),
    );
    const broken = outcomes.filter((outcome) => outcome !== "whole");
    expect(broken.length, broken.join()).toBeGreaterThan(0);
    expect(broken.length, broken.join()).toBeLessThan(6);
    for (const message of broken)
      expect(message).toMatch(
        /of this lesson .*; ask whoever runs the server to restore a backup\.$/,
      );
    expect((await fetch(`${server.address}/api/health`)).status).toBe(200);
  });

  test("with invalid or missing events, their lessons stay closed and the rows unchanged", async () => {
    server = await startServer();
    const damages = [
      // Still a valid event in JSON: only the checksum is wrong.
      ["update events set body = replace(body, '0', '1')", "Event 2 of this lesson is damaged"],
      ["update events set at = at + 1", "Event 2 of this lesson is damaged"],
      ["update events set key = key || 'x'", "Event 2 of this lesson is damaged"],
      ["update events set body = '{', crc = null", "Event 2 of this lesson cannot be read"],
      ["update events set body = '5', crc = null", "Event 2 of this lesson cannot be read"],
      ["delete from events", "Event 2 of this lesson is missing"],
    ] as const;
    const lessons: string[] = [];
    for (const _ of [...damages, "none"]) lessons.push(await createLesson(server, "road"));
    for (const id of lessons) await taught(await join(server, id), 2);
    const whole = lessons.pop()!;
    await server.stop();
    const database = new Database(file());
    damages.forEach(([change], i) => {
      database.prepare(`${change} where seq = 2 and lesson = ?`).run([lessons[i]!]);
    });
    const rows = () => database.prepare("select * from events order by lesson, seq").all();
    const before = rows();
    await server.start();
    for (const [i, [, why]] of damages.entries())
      await expect(join(server, lessons[i])).rejects.toThrow(why);
    expect(await eventsOf(await join(server, whole))).toHaveLength(3);
    expect(rows()).toEqual(before);
    database.close();
  });
});

test("checks whether the log can be written at most once a second", async () => {
  server = new RunningServer(temporaryFolder());
  const log = await SqliteLog.open(server.dataFolder);
  const first = log.check();
  await first;
  expect(log.check()).toBe(first);
  const database = new Database(file());
  expect(database.prepare("select id from checks").all()).toEqual([{ id: 1 }]);
  database.exec("begin immediate");
  await wait(1001);
  await expect(log.check()).rejects.toThrow("Another program holds the server's database");
  database.exec("rollback");
  database.close();
  await wait(1001);
  await log.check();
  renameSync(file(), `${file()}-moved`);
  await wait(1001);
  await expect(log.check()).rejects.toThrow("moved or deleted");
  await log.close();
});
