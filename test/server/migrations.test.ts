import { chmodSync, chownSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import Database from "libsql";
import { expect, test } from "vitest";
import { SqliteLog } from "../../server/storage/sqlite/log.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import events from "./lessons-0001.json";
import {
  createLesson,
  end,
  eventsOf,
  join,
  launch,
  newKey,
  RunningServer,
  temporaryFolder,
} from "./server.ts";

/** A folder with a database of the first version. */
function oldFolder(): string {
  const folder = temporaryFolder();
  copyFileSync("test/server/lessons-0001.db", joinPath(folder, "lessons.db"));
  return folder;
}

const start = (folder: string) => end(launch({ PORT: "0", DATA_DIR: folder }));

test("opens a lesson of the first version completely, and lets anyone with its id teach on", async () => {
  const server = new RunningServer(oldFolder());
  await server.start();
  try {
    const someone = await join(server, events.lesson);
    expect(await eventsOf(someone)).toEqual(events.events);
    const { room } = someone;
    // Keys had the same form then.
    const laterKey = () => `${newKey()}-later`;
    const label = { key: laterKey(), round: 0, index: 1, action: [3] };
    expect(await room.request("label", label)).toEqual({ seq: 8 });
    const episode = demonstrate(worlds.garden!, 5002);
    expect(await room.request("demonstrate", { key: laterKey(), episode })).toEqual({ seq: 9 });
    const plan = { policy: "softmax", query: "every", budget: 3, drives: 1 };
    const train = { key: laterKey(), plan };
    expect(await room.request("train", train, { timeout: 60_000 })).toEqual({ seq: 10 });
    expect((await eventsOf(someone)).slice(0, 7)).toEqual(events.events);
  } finally {
    await server.kill();
  }
});

test("refuses a database of a newer version with one sentence, and does not change it", async () => {
  const folder = oldFolder();
  await (await SqliteLog.open(folder)).close();
  const file = joinPath(folder, "lessons.db");
  const database = new Database(file);
  database.exec("insert into kysely_migration values ('0999', '2030-01-01T00:00:00.000Z')");
  database.close();
  const before = readFileSync(file);
  const { code, stdout, stderr } = await start(folder);
  expect(stderr).toMatch(/^Cannot keep lessons in .+ was written by a newer version .+\.\n$/);
  expect(stdout).toBe("");
  expect(code).toBe(1);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("refuses another program's database with one sentence, and does not change it", async () => {
  const folder = temporaryFolder();
  const file = joinPath(folder, "lessons.db");
  const database = new Database(file);
  database.exec("create table theirs (id integer)");
  database.close();
  const before = readFileSync(file);
  const { code, stderr } = await start(folder);
  expect(stderr).toMatch(/^Cannot keep lessons in .+ is another program's; .+\.\n$/);
  expect(code).toBe(1);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("refuses a damaged first page with one sentence, and does not change it", async () => {
  const folder = oldFolder();
  const file = joinPath(folder, "lessons.db");
  const damaged = readFileSync(file).fill(0xff, 100, 4096);
  writeFileSync(file, damaged);
  const { code, stderr } = await start(folder);
  expect(stderr).toMatch(/^Cannot keep lessons in .+ is damaged or not ours; restore .+\.\n$/);
  expect(code).toBe(1);
  expect(readFileSync(file).equals(damaged)).toBe(true);
});

test.each([
  ["folder", 0o555, 0o666],
  ["file", 0o777, 0o444],
])("refuses a read-only %s with one sentence", async (_, folderMode, fileMode) => {
  const folder = oldFolder();
  const file = joinPath(folder, "lessons.db");
  chmodSync(file, fileMode);
  chmodSync(folder, folderMode);
  const nobody = 65534;
  // Root may write whatever the file modes are.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) for (const path of [file, folder]) chownSync(path, nobody, nobody);
  const { code, stderr } = await end(
    launch({ PORT: "0", DATA_DIR: folder }, isRoot ? { uid: nobody, gid: nobody } : {}),
  );
  expect(stderr).toMatch(/^Cannot keep lessons in .+: .+\.\n$/);
  expect(stderr).toMatch(/permission denied|must be writable/);
  expect(code).toBe(1);
});

test("two servers that start at once on a new folder share it", async () => {
  const folder = temporaryFolder();
  const both = [new RunningServer(folder), new RunningServer(folder)];
  try {
    await Promise.all(both.map((server) => server.start()));
    const lesson = await createLesson(both[0]!, "road");
    expect(await eventsOf(await join(both[1]!, lesson))).toHaveLength(1);
  } finally {
    await Promise.all(both.map((server) => server.kill()));
  }
});
