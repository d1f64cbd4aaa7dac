import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportStudy } from "../../server/export/study.ts";
import { digest } from "../../server/sha256.ts";
import { Busy } from "../../server/storage/decisions.ts";
import { fileName } from "../../server/storage/sqlite/database.ts";
import { SqliteLog } from "../../server/storage/sqlite/log.ts";
import type { SqlLog } from "../../server/storage/sqlLog.ts";
import { OpenStudy } from "../../server/studies/openStudy.ts";
import { Protocols } from "../../server/studies/protocols.ts";
import { clock } from "../../server/time.ts";
import { LessonMemory } from "../../shared/lesson/service/lessonMemory.ts";
import type { Platform } from "../../shared/lesson/service/platform.ts";
import { LessonService } from "../../shared/lesson/service/service.ts";
import type { ParticipantRequest } from "../../shared/study/requests.ts";
import { Study } from "../../shared/study/study.ts";
import { Summing } from "../../shared/study/summary.ts";
import { pilotProtocol } from "../studies/protocol.ts";
import { temporaryFolder } from "./server.ts";

const spend = () => {};
const enter = { type: "enter", study: null, session: null } as const;

let log: SqlLog;
let folder: string;
let data: string;
beforeEach(async () => {
  folder = temporaryFolder();
  data = temporaryFolder();
  log = await SqliteLog.open(data);
  writeFileSync(join(folder, "s.json"), JSON.stringify(pilotProtocol(10)));
});
afterEach(() => log.close());

const open = () => new OpenStudy("s", log, new Protocols(folder));
const ask = (study: OpenStudy, request: ParticipantRequest, id = "anna") =>
  study.ask(id, request, spend, async () => null);

async function toTask(study: OpenStudy, id = "anna"): Promise<number> {
  await ask(study, enter, id);
  await ask(study, { type: "consent", version: "2" }, id);
  await ask(study, { type: "instructed" }, id);
  await ask(study, { type: "check", tries: 0, answers: [1] }, id);
  await ask(study, { type: "begin", task: 0 }, id);
  return study.look(spend, (now) => now.find(id)!.number);
}

test("no more than 200 wait for their turn, and who went away meanwhile is passed over", async () => {
  const study = open();
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const slow = study.look(spend, () => gate);
  const away = study.ask(
    "anna",
    enter,
    spend,
    async () => null,
    () => true,
  );
  const waiting = Array.from({ length: 198 }, () => study.look(spend, (now) => now.seq));
  const tooMany = study.ask("bert", enter, spend, async () => null);
  await expect(tooMany).rejects.toThrow(Busy);
  go();
  await slow;
  await expect(away).rejects.toThrow(Busy);
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([0]));
  expect(await ask(study, enter, "bert")).toMatchObject({ step: "consent" });
});

test("what was read stays where the database does not answer for once", async () => {
  const study = open();
  await toTask(study);
  const { events } = log.studies;
  const from: number[] = [];
  let isDown = true;
  log.studies.events = (name, since = 0, ...rest) => {
    from.push(since);
    if (isDown) throw new Error("no answer");
    return events.call(log.studies, name, since, ...rest);
  };
  await expect(ask(study, enter)).rejects.toThrow("no answer");
  isDown = false;
  expect(await ask(study, enter)).toMatchObject({ step: "task" });
  expect(from[1]).toBe(from[0]);
  expect(from[0]).toBeGreaterThan(0);
});

test("a task's lesson is read once for all who ask at a time, and not at all once it is finished", async () => {
  const study = open();
  const participant = await toTask(study);
  let read = 0;
  let go = () => {};
  const allAsked = new Promise<void>((resolve) => {
    go = resolve;
  });
  const stretches = log.stretches.bind(log);
  log.stretches = async function* (...given) {
    read++;
    await allAsked;
    yield* stretches(...given);
  };
  const finish = { type: "finish", task: 0, skip: false } as const;
  const asked = [1, 2, 3, 4].map(() => ask(study, finish));
  await study.look(spend, () => {});
  go();
  for (const answer of await Promise.all(asked))
    expect(answer).toMatchObject({ code: "nothing-new" });
  expect(read).toBe(1);
  const seq = await study.look(spend, (now) => now.seq);
  const summary = new Summing().summary();
  await log.studies.append("s", seq + 1, {
    type: "finished",
    participant,
    task: 0,
    skipped: true,
    summary,
  });
  expect(await ask(study, finish)).toMatchObject({ step: "task", task: { number: 1 } });
  expect(read).toBe(1);
});

test("two copies of a file at two processes are two protocols in the log, however often each is asked for", async () => {
  const elsewhere = temporaryFolder();
  writeFileSync(join(elsewhere, "s.json"), `${JSON.stringify(pilotProtocol(10))}\n`);
  const doors = [folder, elsewhere].map((from) => new OpenStudy("s", log, new Protocols(from)));
  for (let i = 0; i < 8; i++) await ask(doors[i % 2]!, enter, `p${i}`);
  const { protocols, participants } = await doors[0]!.look(spend, (study) => study);
  expect(protocols).toHaveLength(2);
  const of = [...participants.values()].map(({ protocol }) => protocol);
  expect(of).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
});

test("a finished task's lesson takes nothing more, and what comes while it is finished is in it", async () => {
  const { plan, ...rest } = pilotProtocol(10) as { plan: { levels: object[] } };
  const levels = plan.levels.map((level) => ({ ...level, tools: ["notes"], skippable: true }));
  writeFileSync(join(folder, "s.json"), JSON.stringify({ ...rest, plan: { levels } }));
  const study = open();
  await toTask(study);
  const lesson = await study.look(spend, (now) => now.find("anna")!.tasks[0]!.lesson);
  const platform: Platform = {
    log,
    work: {} as Platform["work"],
    clock,
    digest,
    memory: new LessonMemory(1e8),
    bounds: { lessonSize: 1e8, idle: 1000 },
  };
  const nobody = { isVacant: false, wrote() {}, progressed() {}, working() {}, failed() {} };
  const service = (await LessonService.open(lesson, platform, nobody, spend))!;
  const caller = { owner: true, address: "here", spend, isReading: false };
  const note = (n: number) =>
    service.ask("note", { key: `note-000${n}`, step: "watch", text: `${n}` }, caller);
  await note(1);
  // One more, written right after the lesson was read.
  const { stretches } = log;
  let isFirst = true;
  log.stretches = async function* (id, since, pay) {
    yield* stretches.call(log, id, since, pay);
    if (!isFirst || id !== lesson) return;
    isFirst = false;
    await note(2);
  };
  const finish = { type: "finish", task: 0, skip: true } as const;
  expect(await ask(study, finish)).toMatchObject({ step: "task", task: { number: 1 } });
  expect(isFirst).toBe(false);
  expect(await note(3)).toMatchObject({ code: "locked" });
  // Whoever does not know that a request was answered asks again, and is answered as before.
  expect(await note(2)).toEqual({ seq: 3 });
  expect(await ask(study, finish)).toMatchObject({ step: "task", task: { number: 1 } });
  const last = await study.look(spend, (now) => now.find("anna")!.tasks[0]!.last);
  expect(last).toBe(3);
  await service.close();
});

describe("an export", () => {
  const order = { study: "s", format: "jsonl" } as const;

  test("has of a task what was done until it was finished", async () => {
    const study = open();
    const participant = await toTask(study);
    const { seq, lesson } = await study.look(spend, (now) => ({
      seq: now.seq,
      lesson: now.find("anna")!.tasks[0]!.lesson,
    }));
    const note = async (at: number, text: string) =>
      log.append(lesson, at, {
        key: `a-key-of-22-characters${at}`,
        print: "",
        event: { type: "noted", step: "clone", text },
      });
    expect(await note(2, "in time")).not.toBeNull();
    const summary = new Summing().summary();
    const finished = { type: "finished", participant, task: 0, skipped: true, summary } as const;
    await log.studies.append("s", seq + 1, { ...finished, last: 2 });
    expect(await note(3, "too late")).not.toBeNull();
    const to = join(temporaryFolder(), "out");
    const from = { kind: "sqlite", folder: data } as const;
    await exportStudy({ ...order, from, ids: "omit", to });
    const written = readFileSync(join(to, "lessons", `${lesson}.jsonl`), "utf8");
    expect(written).toContain("in time");
    expect(written).not.toContain("too late");
  });

  test("leaves out a lesson that cannot be read, and has all else", async () => {
    const study = open();
    await toTask(study, "anna");
    await toTask(study, "bert");
    const lesson = await study.look(spend, (now) => now.find("anna")!.tasks[0]!.lesson);
    const database = new Database(join(data, fileName));
    database.prepare("update events set body = '5' where lesson = ?").run(lesson);
    database.close();
    const to = join(temporaryFolder(), "out");
    const from = { kind: "sqlite", folder: data } as const;
    const sum = await exportStudy({ ...order, from, ids: "omit", to });
    expect(sum).toMatchObject({ lessons: 1, participants: 2 });
    expect(sum.leftOut).toEqual([expect.stringContaining(`Lesson ${lesson} cannot be read`)]);
    expect(readFileSync(join(to, "tasks.csv"), "utf8")).toContain(lesson);
  });

  test.each(["keep", "hash", "omit"] as const)(
    "with ids %s has the panel's codes only where it has its ids",
    async (ids) => {
      await ask(open(), enter);
      const to = join(temporaryFolder(), "out");
      const from = { kind: "sqlite", folder: data } as const;
      await exportStudy({ ...order, from, ids, to });
      const written = readFileSync(join(to, "study.jsonl"), "utf8");
      expect(/"anna"/.test(written)).toBe(ids === "keep");
      expect(/DONE|panel\.example/.test(written)).toBe(ids === "keep");
      const study = new Study();
      for (const line of written.trimEnd().split("\n")) study.take(JSON.parse(line));
      expect(study.protocols[0]!.protocol.title).toBe("A pilot of bots");
    },
  );
});
