import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { describe, expect, test } from "vitest";
import { move, NotMoved } from "../../../server/storage/move.ts";
import { SqliteLog } from "../../../server/storage/sqlite/log.ts";
import { OpenStudy } from "../../../server/studies/openStudy.ts";
import { Protocols } from "../../../server/studies/protocols.ts";
import { pilotProtocol } from "../../studies/protocol.ts";
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
    expect(await moved.studies.isSecret("s", secret)).toBe(true);
    expect(await moved.events(id)).toHaveLength(1);
    await moved.close();
    const elsewhere = fresh();
    const other = await SqliteLog.open(elsewhere);
    await other.studies.seed("s");
    await other.close();
    const to = { kind: "sqlite", folder: elsewhere } as const;
    await expect(move(places[0]!, to)).rejects.toThrow(NotMoved);
  });

  test("is not moved over what was done there since, nor is the researcher's secret", async () => {
    const [here, there] = [fresh(), fresh()];
    const places = [here, there].map((folder) => ({ kind: "sqlite", folder }) as const);
    const [log, moved] = [await SqliteLog.open(here), await SqliteLog.open(there)];
    await log.studies.renewSecret("s");
    await log.studies.append("s", 1, { type: "closed" });
    await move(places[0]!, places[1]!);
    const secret = await moved.studies.renewSecret("s");
    await moved.studies.append("s", 2, { type: "reopened" });
    // There is nothing yet that is another one.
    await move(places[0]!, places[1]!);
    expect(await moved.studies.isSecret("s", secret)).toBe(true);
    await log.studies.append("s", 2, { type: "closed" });
    await log.studies.append("s", 3, { type: "closed" });
    await expect(move(places[0]!, places[1]!)).rejects.toThrow("Study s is there already");
    const events = [];
    for await (const page of moved.studies.events("s")) events.push(...page);
    expect(events).toMatchObject([{ type: "closed" }, { type: "reopened" }]);
    await log.close();
    await moved.close();
  });

  test("takes the lessons with it of who was deleted after they had been moved", async () => {
    const [here, there] = [fresh(), fresh()];
    const places = [here, there].map((folder) => ({ kind: "sqlite", folder }) as const);
    const folder = fresh();
    writeFileSync(join(folder, "s.json"), JSON.stringify(pilotProtocol(10)));
    const [log, moved] = [await SqliteLog.open(here), await SqliteLog.open(there)];
    const study = new OpenStudy("s", log, new Protocols(folder));
    const spend = () => {};
    const requests = [
      { type: "enter", study: null, session: null },
      { type: "consent", version: "2" },
      { type: "instructed" },
      { type: "check", tries: 0, answers: [1] },
      { type: "begin", task: 0 },
    ] as const;
    for (const id of ["anna", "bert"])
      for (const request of requests) await study.ask(id, request, spend, async () => null);
    const [anna, bert] = await study.look(spend, ({ participants }) =>
      [...participants.values()].map(({ number, tasks }) => ({
        number,
        lesson: tasks[0]!.lesson,
      })),
    );
    await move(places[0]!, places[1]!);
    expect(await moved.events(anna!.lesson)).toHaveLength(1);
    await study.erase(anna!.number, spend);
    await move(places[0]!, places[1]!);
    expect(await moved.events(anna!.lesson)).toEqual([]);
    expect(await moved.events(bert!.lesson)).toHaveLength(1);
    await log.close();
    await moved.close();
  });
});
