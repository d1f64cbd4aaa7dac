import { statSync } from "node:fs";
import { join as joinPath } from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import {
  createLesson,
  enter,
  eventsOf,
  join,
  newKey,
  type RunningServer,
  startServer,
} from "./server.ts";

const walk = demonstrate(worlds.garden!, 5000);
let server: RunningServer;
let lesson: string;
beforeEach(async () => {
  server = await startServer();
  lesson = await createLesson(server, "garden");
  const { room } = await join(server, lesson);
  for (let i = 0; i < 3; i++) await room.request("demonstrate", { key: newKey(), episode: walk });
});
afterEach(() => server.kill());

/** Changes the database while no server runs, and starts one again. */
async function behind(change: (database: Database.Database) => void): Promise<void> {
  await server.stop();
  const database = new Database(joinPath(server.dataFolder, "lessons.db"));
  change(database);
  database.close();
  await server.start();
}

const opened = () => enter(server, { lesson }).then(eventsOf);
const why = () =>
  opened().then(
    () => "it opens",
    (error: Error) => error.message,
  );

describe("a lesson's end", () => {
  test("is reported when it is missing", async () => {
    await behind((database) => database.exec("delete from events where seq > 2"));
    expect(await why()).toMatch(/^The last 2 events of this lesson are missing; ask whoever runs/);
    expect(
      await createLesson(server, "road").then((id) => enter(server, { lesson: id })),
    ).toBeTruthy();
  });

  test("is reported when it was replaced by a valid event", async () => {
    await behind((database) => {
      // One event replaced by a copy of another: both rows have valid checksums.
      database.exec(
        "update events set (key, at, body, crc) = (select key || 'x', at, body, null from events where seq = 2) where seq = 3",
      );
    });
    expect(await why()).toMatch(/^Events of this lesson have been replaced; ask whoever runs/);
  });

  test("is accepted when an older version added events, and stored from then on", async () => {
    await behind((database) =>
      database.exec(
        "insert into events (lesson, seq, key, at, body) select lesson, 5, 'another-key', at, body from events where seq = 4",
      ),
    );
    expect(await opened()).toHaveLength(5);
    await behind((database) => database.exec("delete from events where seq = 5"));
    expect(await why()).toMatch(/^The last 1 events of this lesson are missing/);
  });

  test("is stored when a lesson from an older version is opened", async () => {
    await behind((database) => database.exec("update lessons set last = null, hash = null"));
    expect(await opened()).toHaveLength(4);
    await behind((database) => database.exec("delete from events where seq = 4"));
    expect(await why()).toMatch(/missing/);
  });
});

test("only the owner may read the database file, an older one too", async () => {
  const file = joinPath(server.dataFolder, "lessons.db");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600);
});
