import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { describe, expect, test } from "vitest";
import { move, NotMoved } from "../../../server/storage/move.ts";
import { SqliteLog } from "../../../server/storage/sqlite/log.ts";
import { studyClauses } from "./studyClauses.ts";

const fresh = () => mkdtempSync(join(tmpdir(), "dojo-"));

describe("the log of studies in SQLite", () => {
  const folder = fresh();
  for (const { name, run } of studyClauses(() => SqliteLog.open(folder))) test(name, run);

  test("says where an event was changed or taken out", async () => {
    const folder = fresh();
    const log = await SqliteLog.open(folder);
    await log.studies.seed("s");
    for (const seq of [1, 2, 3]) await log.studies.append("s", seq, { type: "closed" });
    const database = new Database(join(folder, "lessons.db"));
    const read = async () => {
      for await (const _ of log.studies.events("s"));
    };
    database.exec(`update study_events set body = '{"type":"reopened"}' where seq = 2`);
    await expect(read()).rejects.toThrow("Event 2 of this study is damaged");
    database.exec("delete from study_events where seq = 2");
    await expect(read()).rejects.toThrow("Event 2 of this study is missing");
    database.close();
    await log.close();
  });

  test("is moved with the lessons, and who was deleted meanwhile is deleted there", async () => {
    const [here, there] = [fresh(), fresh()];
    const log = await SqliteLog.open(here);
    const secret = await log.studies.renewSecret("s");
    const { id } = await log.create({ world: "garden" });
    const arrived = {
      type: "arrived",
      id: "anna",
      study: null,
      session: null,
      protocol: 0,
    } as const;
    await log.studies.append("s", 1, arrived);
    const places = [here, there].map((folder) => ({ kind: "sqlite", folder }) as const);
    await move(places[0]!, places[1]!);
    await log.studies.erase("s", 2, 1, []);
    await move(places[0]!, places[1]!);
    await log.close();
    const moved = await SqliteLog.open(there);
    const events = [];
    for await (const page of moved.studies.events("s")) events.push(...page);
    expect(events).toMatchObject([{ type: "deleted" }, { type: "erased" }]);
    expect(await moved.studies.isResearcher("s", secret)).toBe(true);
    expect(await moved.events(id)).toHaveLength(1);
    await moved.close();
    const elsewhere = fresh();
    const other = await SqliteLog.open(elsewhere);
    await other.studies.seed("s");
    await other.close();
    const to = { kind: "sqlite", folder: elsewhere } as const;
    await expect(move(places[0]!, to)).rejects.toThrow(NotMoved);
  });
});
