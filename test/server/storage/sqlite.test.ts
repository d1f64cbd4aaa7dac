import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn, setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SqliteLog } from "../../../server/storage/sqlite/log.ts";
import { NotStored, Unreadable } from "../../../shared/lesson/log.ts";
import { lessonWith, newRow, newRows, rowsOf } from "./contract/lessons.ts";

let folder: string;
let log: SqliteLog;
/** Another program that has the database open. */
let other: Database.Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "dojo-"));
  log = await SqliteLog.open(folder);
  other = new Database(join(folder, "lessons.db"));
});
afterEach(async () => {
  other.close();
  await log.close();
  rmSync(folder, { recursive: true });
});

describe("while another program holds the database", () => {
  test("others are served, and what waits is written once it lets go", async () => {
    const lesson = await lessonWith(log, newRows(1));
    other.exec("begin immediate");
    const [row, next] = newRows(2) as [ReturnType<typeof newRow>, ReturnType<typeof newRow>];
    const writes = Promise.all([log.append(lesson, 3, row), log.append(lesson, 4, next)]);
    await wait(200);
    expect(await rowsOf(log, lesson)).toHaveLength(2);
    other.exec("rollback");
    const [first, second] = await writes;
    expect([first?.row.key, second?.row.key]).toEqual([row.key, next.key]);
    expect(await rowsOf(log, lesson)).toHaveLength(4);
  });

  test("what waits too long is refused in words, and what came later is not refused with it", async () => {
    const lesson = await lessonWith(log, []);
    other.exec("begin immediate");
    const refused = log.append(lesson, 2, newRow());
    const words = "Another program holds the server's database, so this was not stored; try again.";
    const refusal = expect(refused).rejects.toThrow(new NotStored(words));
    await wait(1000);
    const later = log.append(lesson, 2, newRow());
    await refusal;
    other.exec("rollback");
    expect(await later).not.toBeNull();
  });
});

test("is opened while another process that opens it holds it for a moment", async () => {
  other.close();
  await log.close();
  const file = join(folder, "lessons.db");
  const holder = new Worker(new URL("holder.worker.js", import.meta.url), {
    workerData: { file, time: 300 },
  });
  await once(holder, "message");
  log = await SqliteLog.open(folder);
  other = new Database(file);
  expect(other.pragma("journal_mode")).toMatchObject([{ journal_mode: "wal" }]);
});

test("an event is stored with its policy or not at all, and what else is written then is", async () => {
  const lessons = await Promise.all([0, 1, 2].map(() => lessonWith(log, [])));
  other.exec(
    "create trigger no before insert on policies begin select raise(abort, 'no policies'); end",
  );
  const outcomes = await Promise.allSettled(
    lessons.map((id, i) => log.append(id, 2, newRow(10, i === 1 ? "{}" : undefined))),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  const lengths = await Promise.all(lessons.map(async (id) => (await rowsOf(log, id)).length));
  expect(lengths).toEqual([2, 1, 2]);
});

describe("a tail that was not kept", () => {
  const forget = () => other.exec("update lessons set last = null, hash = null");

  test("is caught up a stretch at a time before the next event, and whoever writes pays", async () => {
    const lesson = await lessonWith(log, newRows(8, 70_000));
    forget();
    let [turns, going, paid] = [0, true, 0];
    const count = (async () => {
      for (; going; turns++) await turn();
    })();
    const stored = await log.append(lesson, 10, newRow(), () => paid++);
    await turn();
    going = false;
    await count;
    expect(stored).not.toBeNull();
    // Each stretch, the tail, and the event itself, which was tried before.
    expect(paid).toBe(8 + 3);
    expect(turns).toBeGreaterThanOrEqual(8);
    other.exec("delete from events where seq = 10");
    await expect(rowsOf(log, lesson)).rejects.toThrow(
      "The last 1 events of this lesson are missing",
    );
  });

  test("is written by whoever reads the lesson, who pays for it", async () => {
    const lesson = await lessonWith(log, newRows(1));
    const spends = async () => {
      let paid = 0;
      for await (const _ of log.stretches(lesson, 0, () => paid++));
      await turn();
      return paid;
    };
    const before = await spends();
    forget();
    expect(await spends()).toBe(before + 1);
    expect(await spends()).toBe(before);
  });

  test("does not go back where somebody writes while the lesson is read", async () => {
    const lesson = await lessonWith(log, newRows(1));
    forget();
    for await (const { more } of log.stretches(lesson))
      if (!more) await log.append(lesson, 3, newRow());
    other.exec("delete from events where seq = 3");
    await expect(rowsOf(log, lesson)).rejects.toThrow(
      "The last 1 events of this lesson are missing",
    );
  });

  test("where the lesson itself is gone, says so instead of trying for ever", async () => {
    const lesson = await lessonWith(log, newRows(1));
    other.exec("pragma foreign_keys = off; delete from lessons");
    await expect(log.append(lesson, 3, newRow())).rejects.toThrow(Unreadable);
  });
});
