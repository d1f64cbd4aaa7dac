import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { road } from "../../shared/worlds/road/levels.ts";
import { createLesson, eventsOf, join, newKey, startServer, temporaryFolder } from "./server.ts";
import { postgresBin, RunningPostgres } from "./storage/runningPostgres.ts";

const plan = { policy: "fourier", query: "random", budget: 20, drives: 2 };

/** Runs the command as npm does. */
function move(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/move.mjs", ...args], {
    encoding: "utf8",
  });
  return { status, said: `${stdout}${stderr}` };
}

/** A lesson with two rounds, and its events. */
async function taught(server: Awaited<ReturnType<typeof startServer>>) {
  const lesson = await createLesson(server, "road");
  const teacher = await join(server, lesson);
  const ask = teacher.room.request.bind(teacher.room);
  await ask("demonstrate", { key: newKey(), episode: demonstrate(road, 6000) });
  await ask("train", { key: newKey(), plan });
  await ask("label", { key: newKey(), round: 0, index: 0, action: [0.1] });
  return { lesson, teacher, events: await eventsOf(teacher) };
}

test.each([
  "",
  "--from a",
  "--from a --to a",
  "--all",
  "a b",
  "--from a --to postgres://u:secret/x@h/d",
  "--from a --to DATABASE_URL",
])("names what is wanted of it: %j", (line) => {
  const { status, said } = move(...line.split(" ").filter((word) => word !== ""));
  expect(status).toBe(2);
  expect(said).not.toContain("secret");
  expect(said).toMatch(/^Name two places: npm run move -- --from PLACE --to PLACE\./);
});

test("from a folder without lessons, nothing is made anywhere", () => {
  const { status, said } = move("--from", temporaryFolder(), "--to", temporaryFolder());
  expect(status).toBe(1);
  expect(said).toMatch(/^There are no lessons in .*\.\n$/);
});

test("lessons of one folder are then in another, and what was taught meanwhile once it is run again", async () => {
  const [here, there] = [temporaryFolder(), temporaryFolder()];
  const server = await startServer(here);
  try {
    const { lesson, teacher } = await taught(server);
    expect(move("--from", here, "--to", there).said).toMatch(
      /^1 lessons .*; 4 events were written/,
    );
    expect(move("--from", here, "--to", there).said).toMatch(/; 0 events were written/);
    await teacher.room.request("label", { key: newKey(), round: 0, index: 1, action: [0.2] });
    expect(move("--from", here, "--to", there).said).toMatch(/; 1 events were written/);
    const events = await eventsOf(teacher);
    // There it goes on by itself, and here it does too: then they are no longer the same lesson.
    const other = await startServer(there);
    try {
      const owner = await join(other, lesson);
      expect(await eventsOf(owner)).toEqual(events);
      await owner.room.request("label", { key: newKey(), round: 0, index: 2, action: [0.15] });
    } finally {
      await other.stop();
    }
    await teacher.room.request("label", { key: newKey(), round: 0, index: 2, action: [-0.15] });
    const { status, said } = move("--from", here, "--to", there);
    expect(status).toBe(1);
    expect(said).toMatch(/is there already, with other events\. Nothing was done to it/);
  } finally {
    await server.kill();
  }
});

if (postgresBin !== null)
  describe("to PostgreSQL and back", () => {
    let postgres: RunningPostgres;
    beforeAll(async () => {
      postgres = await RunningPostgres.start();
    });
    afterAll(() => postgres.remove());

    test("every lesson is the same, and goes on", async () => {
      const [here, back] = [temporaryFolder(), temporaryFolder()];
      const url = postgres.url();
      const server = await startServer(here);
      const { lesson, events } = await taught(server);
      await server.stop();
      expect(move("--from", here, "--to", url).said).toMatch(
        /^1 lessons .*; 4 events were written/,
      );
      const onPostgres = await startServer(temporaryFolder(), { DATABASE_URL: url });
      const teacher = await join(onPostgres, lesson);
      expect(await eventsOf(teacher)).toEqual(events);
      await teacher.room.request("label", { key: newKey(), round: 0, index: 1, action: [0.2] });
      await teacher.room.request("train", { key: newKey(), plan });
      const later = await eventsOf(teacher);
      await onPostgres.stop();
      process.env.DATABASE_URL = url;
      expect(move("--from", "DATABASE_URL", "--to", back).said).toMatch(/; 6 events were written/);
      delete process.env.DATABASE_URL;
      expect(move("--from", url, "--to", back).said).toMatch(/; 0 events were written/);
      const again = await startServer(back);
      try {
        expect(await eventsOf(await join(again, lesson))).toEqual(later);
      } finally {
        await again.kill();
      }
    });
  });
