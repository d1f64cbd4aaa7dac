import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { worlds } from "../../shared/worlds/index.ts";
import {
  createLesson,
  eventsOf,
  join,
  newKey,
  RunningServer,
  startServer,
  temporaryFolder,
} from "./server.ts";

let server: RunningServer;
beforeEach(async () => {
  server = await startServer(temporaryFolder(), { MAX_MESSAGES: "1000000" });
});
afterEach(() => server.kill());

/** Runs a command as npm does, and returns its output. */
async function run(command: "backup" | "restore", folder: string, file: string): Promise<string> {
  const env = { ...process.env, DATA_DIR: folder };
  const { stdout } = await promisify(execFile)(process.execPath, [`scripts/${command}.mjs`, file], {
    env,
  });
  return stdout;
}

/** The error output of a command that fails. */
async function complaint(...asked: Parameters<typeof run>): Promise<string> {
  const { code, stderr } = await run(...asked).then(
    () => ({ code: 0, stderr: "" }),
    (error: { code: number; stderr: string }) => error,
  );
  expect(code).toBe(1);
  return stderr;
}

const episode = demonstrate(worlds.road!, 6000);

test("a backup made while people teach holds everything acknowledged before, and can be restored elsewhere", async () => {
  const lessons = await Promise.all(Array.from({ length: 3 }, () => createLesson(server, "road")));
  let going = true;
  const acknowledged = new Map<string, LessonEvent[]>();
  const teaching = lessons.map(async (lesson) => {
    const { room, heard } = await join(server, lesson);
    acknowledged.set(lesson, heard);
    // As fast as the server allows.
    while (going) await room.request("demonstrate", { key: newKey(), episode });
  });
  const fewest = () => Math.min(...lessons.map((lesson) => acknowledged.get(lesson)?.length ?? 0));
  await expect.poll(fewest).toBeGreaterThan(10);
  const before = new Map([...acknowledged].map(([lesson, heard]) => [lesson, [...heard]]));
  const file = joinPath(temporaryFolder(), "copy.db");
  await run("backup", server.dataFolder, file);
  going = false;
  await Promise.all(teaching);

  const elsewhere = new RunningServer(temporaryFolder());
  await run("restore", elsewhere.dataFolder, file);
  await elsewhere.start();
  try {
    for (const lesson of lessons) {
      const found = await eventsOf(await join(elsewhere, lesson));
      const expected = before.get(lesson)!;
      expect(found.slice(1, 1 + expected.length)).toEqual(expected);
      // Further events came while the copy was made; they are those that were broadcast.
      expect(found.slice(1)).toEqual(acknowledged.get(lesson)!.slice(0, found.length - 1));
      const { room } = await join(elsewhere, lesson);
      const { seq } = await room.request("demonstrate", { key: newKey(), episode });
      expect(seq).toBe(found.length + 1);
    }
  } finally {
    await elsewhere.kill();
  }
});

test("backup and restore overwrite nothing, leave a running server alone, and keep the old lessons", async () => {
  const lesson = await createLesson(server, "road");
  const file = joinPath(temporaryFolder(), "copy.db");
  await run("backup", server.dataFolder, file);
  expect(await complaint("backup", server.dataFolder, file)).toMatch(/exists already/);
  expect(await complaint("restore", server.dataFolder, file)).toMatch(/a server is running there/);

  const { room } = await join(server, lesson);
  await room.request("demonstrate", { key: newKey(), episode });
  await server.kill();
  const kept = (await run("restore", server.dataFolder, file)).match(/are in (.+)\.\n$/)![1]!;
  await server.start();
  expect(await eventsOf(await join(server, lesson))).toHaveLength(1);
  await server.stop();
  await run("restore", server.dataFolder, kept);
  await server.start();
  expect(await eventsOf(await join(server, lesson))).toHaveLength(2);
});

test("restore refuses a damaged file or another file, and leaves the lessons as they were", async () => {
  await createLesson(server, "road");
  const good = joinPath(temporaryFolder(), "copy.db");
  await run("backup", server.dataFolder, good);
  await server.stop();
  const file = joinPath(server.dataFolder, "lessons.db");
  const before = readFileSync(file);
  const bytes = readFileSync(good);
  const folder = temporaryFolder();
  const bad = {
    "text.db": Buffer.from("no database\n".repeat(1000)),
    "torn.db": bytes.subarray(0, bytes.length - 4096),
    "zeros.db": Buffer.from(bytes).fill(0, bytes.length - 4096),
    "empty.db": Buffer.alloc(0),
  };
  for (const [name, content] of Object.entries(bad)) {
    writeFileSync(joinPath(folder, name), content);
    const said = await complaint("restore", server.dataFolder, joinPath(folder, name));
    expect(said, name).toMatch(/^Could not restore .+: .+\.\n$/);
  }
  expect(await complaint("restore", server.dataFolder, joinPath(folder, "none.db"))).toMatch(
    /no file/,
  );
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(readdirSync(server.dataFolder)).toEqual(["lessons.db"]);
  expect(await complaint("backup", folder, joinPath(folder, "new.db"))).toMatch(/no lessons/);
  expect(existsSync(joinPath(folder, "lessons.db"))).toBe(false);
});
