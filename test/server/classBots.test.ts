import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Forgetting } from "../../server/classes/forgetting.ts";
import { exportClass } from "../../server/export/class.ts";
import { createLogger } from "../../server/logger.ts";
import { Metrics } from "../../server/metrics.ts";
import { Reports } from "../../server/reports.ts";
import { move } from "../../server/storage/move.ts";
import { SqliteLog } from "../../server/storage/sqlite/log.ts";
import { runClass } from "../classes/class.ts";
import { beginClass, lead, PupilBot } from "../classes/pupil.ts";
import { type RunningServer, startServer } from "./server.ts";

const level = {
  world: "fair",
  demonstrations: { least: 1, most: 1, seeds: [50001] },
  learner: { policy: "gaussianProcess", query: "novel", budget: 4, drives: 1 },
  rounds: 1,
  corrections: { ways: ["time-stop"], least: 4, most: 4 },
};

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.kill());

const fresh = () => join(mkdtempSync(join(tmpdir(), "dojo-")), "out");

test("six bots go through a class while the server is killed, and all that they did is there", async () => {
  const result = await runClass(server, { level }, { pupils: 6, kills: true, seed: 1 });
  expect(result.complaints).toEqual([]);
  // A demonstration, the clone, four answers, and a training again.
  expect(result.acknowledged).toBe(6 * 7);
  expect(result.wallBytes).toBeGreaterThan(0);
}, 60_000);

test("fifty who come in one second are all in, and each has a lesson", async () => {
  const begun = await beginClass(server, { level });
  const bots = Array.from(
    { length: 50 },
    (_, i) => new PupilBot(server, begun.code, `Bot ${i}`, i),
  );
  await Promise.all(bots.map((bot) => bot.join()));
  const { pupils } = await lead(server, begun, { type: "look" });
  expect(new Set(pupils.map(({ nickname }) => nickname)).size).toBe(50);
  expect(new Set(pupils.map(({ lesson }) => lesson)).size).toBe(50);
  expect((await bots[49]!.lesson()).plan!.rounds).toBe(1);
  await bots[49]!.leave();
});

test("a class is written down, moved and forgotten with its lessons", async () => {
  const begun = await beginClass(server, { level });
  const bots = ["Anna", "=Ben()"].map((name, i) => new PupilBot(server, begun.code, name, i + 1));
  for (const bot of bots) await bot.join();
  while (await bots[0]!.step());
  await bots[0]!.leave();
  const { tables } = await lead(server, begun, { type: "tables" });
  expect(Object.keys(tables!)).toEqual(expect.arrayContaining(["pupils.csv", "class.jsonl"]));
  expect(tables!["pupils.csv"]).toContain("Anna");
  // A program for tables is not to take a name for a formula.
  expect(tables!["pupils.csv"]).not.toMatch(/,"?=Ben/);
  for (const secret of [begun.secret, bots[0]!.place!.secret, bots[0]!.place!.lesson.secret])
    expect(JSON.stringify(tables)).not.toContain(secret);
  // Nor that by which a page is known again, in whichever form.
  expect(tables!["class.jsonl"]).not.toContain('"key"');

  const folder = server.dataFolder;
  const order = { from: { kind: "sqlite", folder }, format: "jsonl" } as const;
  const to = fresh();
  const sum = await exportClass({ ...order, of: begun.code, hasNames: false, to });
  expect(sum).toMatchObject({ participants: 2, lessons: 2, leftOut: [] });
  const written = readFileSync(join(to, "class.jsonl"), "utf8");
  expect(written.match(/"type":"joined"/g)).toHaveLength(2);
  for (const text of [written, readFileSync(join(to, "pupils.csv"), "utf8")])
    expect(text).not.toContain("Anna");
  expect(readFileSync(join(to, "learners.csv"), "utf8").trimEnd().split("\n")).toHaveLength(3);
  const nowhere = exportClass({ ...order, of: "BBBBBB", hasNames: false, to: fresh() });
  await expect(nowhere).rejects.toThrow('There is no class "BBBBBB".');

  const there = fresh();
  await move(order.from, { kind: "sqlite", folder: there });
  const moved = await exportClass({
    ...order,
    from: { kind: "sqlite", folder: there },
    of: begun.code,
    hasNames: true,
    to: fresh(),
  });
  expect(moved).toMatchObject({ participants: 2, lessons: 2 });

  const log = await SqliteLog.open(there);
  const lesson = bots[0]!.place!.lesson.id;
  expect((await log.classes.pupilOf(lesson))?.pupil).toBe(2);
  const none = () => 0;
  const metrics = new Metrics({ rooms: none, connections: none, queue: none });
  const forgetting = new Forgetting(
    log,
    log.classes,
    90,
    new Reports(createLogger("silent"), metrics),
  );
  await forgetting.look(Date.now() + 89 * 86_400_000);
  expect(await log.events(lesson)).not.toEqual([]);
  await forgetting.look(Date.now() + 91 * 86_400_000);
  expect(await log.events(lesson)).toEqual([]);
  expect(await log.classes.names()).toEqual([]);
  expect(await log.classes.byCode(begun.code)).toBeNull();
  expect(await log.classes.pupilOf(lesson)).toBeNull();
  await log.close();
});
