import { join } from "node:path";
import Database from "libsql";
import { expect, test } from "vitest";
import type { MoveResult } from "../../server/storage/move.ts";
import { move, NotMoved } from "../../server/storage/move.ts";
import { fileName } from "../../server/storage/sqlite/database.ts";
import { SqliteLog } from "../../server/storage/sqlite/log.ts";
import type { SqlLog } from "../../server/storage/sqlLog.ts";
import { readyLevel } from "../../shared/class/plans.ts";
import { temporaryFolder } from "./server.ts";

const created = { type: "created", code: "BCDFGH", level: readyLevel("fair-weather") } as const;
const compared = {
  type: "compared",
  pupils: [],
  basis: [],
  labels: 0,
  starts: 1,
  scores: { mean: 0, best: 0, bestPupil: 2, pooled: 0, agreed: 0 },
  weights: [],
  swaps: [],
  apart: [],
  pooledApart: [],
} as const;

const moved = (from: string, to: string): Promise<MoveResult> =>
  move({ kind: "sqlite", folder: from }, { kind: "sqlite", folder: to });

async function using<T>(folder: string, work: (log: SqlLog) => Promise<T>): Promise<T> {
  const log = await SqliteLog.open(folder);
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

/** All rows of classes, and the lessons' events, as a database has them. */
function rowsIn(folder: string): Record<string, unknown[]> {
  const database = new Database(join(folder, fileName));
  const tables = ["classes", "class_events", "class_codes", "class_lessons", "class_results"];
  try {
    return Object.fromEntries(
      [...tables, "lessons", "events"].map((table) => [
        table,
        database.prepare(`select * from ${table} order by 1, 2`).all(),
      ]),
    );
  } finally {
    database.close();
  }
}

test("classes are then in another folder as they were, and back again with what was added", async () => {
  const [here, there] = [temporaryFolder(), temporaryFolder()];
  const id = await using(here, async (log) => {
    const { id } = (await log.classes.begin(created))!;
    const lesson = await log.create({ world: "fair", taste: null } as never);
    await log.classes.appendJoined(
      id,
      2,
      { type: "joined", nickname: "Anna", key: "k" },
      lesson.id,
    );
    // More than a page.
    await Promise.all(
      Array.from({ length: 507 }, (_, i) =>
        log.classes.append(id, i + 3, { type: i % 2 ? "released" : "frozen" }),
      ),
    );
    await log.classes.appendCompared(id, 510, compared, "{}");
    return id;
  });
  await moved(here, there);
  expect(rowsIn(there)).toEqual(rowsIn(here));
  expect(rowsIn(there).class_events).toHaveLength(510);
  await using(there, async (log) => {
    await log.classes.appendCompared(id, 511, compared, '{"new":1}');
    await log.classes.append(id, 512, { type: "ended" });
  });
  await moved(there, here);
  expect(rowsIn(here)).toEqual(rowsIn(there));
  // Neither has what the other has.
  await using(here, (log) => log.classes.append(id, 513, { type: "names", hidden: true }));
  await using(there, (log) => log.classes.append(id, 513, { type: "names", hidden: false }));
  const before = rowsIn(there);
  await expect(moved(here, there)).rejects.toThrow(NotMoved);
  await expect(moved(here, there)).rejects.toThrow(/^Class .* is there already/);
  expect(rowsIn(there)).toEqual(before);
});

test("a class whose code is another's there is left, and one that is being deleted is deleted there", async () => {
  const [here, there] = [temporaryFolder(), temporaryFolder()];
  await using(there, (log) => log.classes.begin(created));
  const id = await using(here, async (log) => (await log.classes.begin(created))!.id);
  await expect(moved(here, there)).rejects.toThrow(/another has its code/);
  expect(rowsIn(there).classes).toHaveLength(1);
  await using(here, (log) => log.classes.shut(id));
  await moved(here, there);
  expect(await using(there, (log) => log.classes.before(Date.now() + 1000))).toHaveLength(2);
  expect(await using(there, (log) => log.classes.isForgotten(id))).toBe(true);

  // As is one that was there before it was to be deleted.
  const elsewhere = temporaryFolder();
  const later = await using(elsewhere, async (log) => (await log.classes.begin(created))!.id);
  const copy = temporaryFolder();
  await moved(elsewhere, copy);
  await using(elsewhere, (log) => log.classes.shut(later));
  await moved(elsewhere, copy);
  expect(await using(copy, (log) => log.classes.isForgotten(later))).toBe(true);
  expect(await using(copy, (log) => log.classes.byCode(created.code))).toBeNull();
});
