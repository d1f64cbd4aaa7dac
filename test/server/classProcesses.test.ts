import { join } from "node:path";
import { LocalDriver, LocalPresence, matchMaker } from "colyseus";
import Database from "libsql";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Classes, Forgotten } from "../../server/classes/classes.ts";
import { Forgetting } from "../../server/classes/forgetting.ts";
import { Membership } from "../../server/classes/membership.ts";
import type { OpenClass, Place } from "../../server/classes/openClass.ts";
import type { Reports } from "../../server/reports.ts";
import { Busy } from "../../server/storage/decisions.ts";
import { fileName } from "../../server/storage/sqlite/database.ts";
import { SqliteLog } from "../../server/storage/sqlite/log.ts";
import type { SqlLog } from "../../server/storage/sqlLog.ts";
import { readyLevel } from "../../shared/class/plans.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import { NotStored } from "../../shared/lesson/log.ts";
import { refusal } from "../../shared/lesson/refusal.ts";
import type { LessonService } from "../../shared/lesson/service/service.ts";
import { temporaryFolder } from "./server.ts";

// Two processes that share a database, of which neither hears what the other says: as if each had ended before it could.

const spend = () => {};
const reports = { failed: vi.fn() };
const level = readyLevel("fair-weather");

beforeAll(() => matchMaker.setup(new LocalPresence(), new LocalDriver()));

let folder: string;
let log: SqlLog;
let otherLog: SqlLog;
let here: Classes;
let there: Classes;
beforeEach(async () => {
  folder = temporaryFolder();
  [log, otherLog] = [await SqliteLog.open(folder), await SqliteLog.open(folder)];
  [here, there] = [new Classes(log, 2, reports), new Classes(otherLog, 2, reports)];
});
afterEach(async () => {
  await log.close();
  await otherLog.close();
});

const at = async (classes: Classes, id: string) => (await classes.at(id, spend))!;
const admit = async () => null;
const come = async (open: OpenClass, name: string) =>
  (await open.join({ nickname: name, key: name }, spend, admit)) as Place;

function rowsOf(table: string): number {
  const database = new Database(join(folder, fileName));
  try {
    return (database.prepare(`select count(*) as n from ${table}`).get() as { n: number }).n;
  } finally {
    database.close();
  }
}

/** What a lesson's service does for its class; it takes more rounds once `isFull` is false. */
class Lesson {
  isFull = true;
  rounds = 0;
  readonly service = {
    look: async () => emptyLesson,
    prolong: async (rounds: number) => {
      if (this.isFull) throw new NotStored("full");
      this.rounds = rounds;
    },
  } as unknown as LessonService;
}

test("only who comes anew, and can, is counted as a new lesson", async () => {
  const { id } = await here.begin(level, spend);
  const open = await at(here, id);
  let asked = 0;
  const counted = async () => {
    asked++;
    return null;
  };
  const ask = (nickname: string, key: string) => open.join({ nickname, key }, spend, counted);
  await ask("Anna", "1");
  await ask("Anna", "1");
  await ask("Anna", "2");
  await ask("Ben", "3");
  await ask("Cem", "4");
  expect(asked).toBe(2);
  const excess = { excess: "no more today" };
  await open.lead({ type: "remove", pupil: 2, removed: true }, spend);
  expect(await open.join({ nickname: "Cem", key: "4" }, spend, async () => excess.excess)).toEqual(
    excess,
  );
  expect(open.now.pupils.size).toBe(2);
});

test("what is held is let go where nobody heard of it, and a request that is repeated is told again", async () => {
  const { id } = await here.begin(level, spend);
  const open = await at(here, id);
  const { lesson } = await come(open, "Anna");
  await open.lead({ type: "freeze", frozen: true }, spend);
  const member = (await Membership.of(lesson.id, there, spend, () => {}))!;
  member.begin(new Lesson().service, spend, () => {});
  const held = () => member.hold(emptyLesson, "demonstrate", null)?.code ?? null;
  expect(held()).toBe("held");
  await open.lead({ type: "freeze", frozen: false }, spend);
  await expect.poll(held, { timeout: 5000 }).toBeNull();

  const heard: unknown[] = [];
  await matchMaker.presence.subscribe(`class:${id}`, (words: unknown) => heard.push(words));
  await open.lead({ type: "freeze", frozen: false }, spend);
  expect(heard).toEqual([expect.objectContaining({ kind: "wrote", seq: open.now.seq })]);
  member.end();
});

test("rounds that the disk did not take come later, and until then nothing is refused for good", async () => {
  const { id } = await here.begin(level, spend);
  const open = await at(here, id);
  const { lesson: begun } = await come(open, "Anna");
  const failures: unknown[] = [];
  const member = (await Membership.of(begun.id, here, spend, (error) => failures.push(error)))!;
  const lesson = new Lesson();
  member.begin(lesson.service, spend, () => {});
  const rounds = level.rounds + 1;
  await open.lead({ type: "rounds", rounds }, spend);
  await expect.poll(() => failures.length).toBeGreaterThan(0);
  const done = refusal("locked", "This task is done.");
  const planned = { ...emptyLesson, plan: { rounds: level.rounds } as never };
  expect(member.hold(planned, "train", done)?.code).toBe("held");
  expect(member.hold({ ...emptyLesson, plan: { rounds } as never }, "train", done)).toBeNull();
  lesson.isFull = false;
  await expect.poll(() => lesson.rounds, { timeout: 5000 }).toBe(rounds);
  member.end();
});

test("however many look at a class, they wait once, and leave room to whoever changes it", async () => {
  const { id } = await here.begin(level, spend);
  const open = await at(here, id);
  let reads = 0;
  const { events } = log.classes;
  log.classes.events = (...given) => {
    reads++;
    return events.apply(log.classes, given);
  };
  const looks = Array.from({ length: 300 }, () => here.at(id, spend));
  await open.lead({ type: "freeze", frozen: true }, spend);
  expect(new Set(await Promise.all(looks))).toEqual(new Set([open]));
  expect(reads).toBeLessThan(5);
  const steps = Array.from({ length: 201 }, () => open.lead({ type: "step", step: 1 }, spend));
  expect((await Promise.allSettled(steps)).map(({ status }) => status).at(-1)).toBe("rejected");
  await expect(steps.at(-1)).rejects.toThrow(Busy);
});

test("a class that is deleted in one process is no more in another, and nothing of it comes back", async () => {
  const { id, secret, code } = await here.begin(level, spend);
  const place = await come(await at(here, id), "Anna");
  const open = await at(there, id);
  const member = (await Membership.of(place.lesson.id, there, spend, () => {}))!;
  let isSentAway = false;
  member.begin(new Lesson().service, spend, () => {
    isSentAway = true;
  });
  // More than is deleted at a time.
  await Promise.all(
    Array.from({ length: 300 }, (_, i) =>
      log.append(place.lesson.id, i + 2, {
        key: `rounds ${i}`,
        print: "",
        event: { type: "prolonged", rounds: 3 },
      }),
    ),
  );
  await here.forget(id);
  for (const table of ["lessons", "events", "policies", "classes", "class_events", "class_codes"])
    expect([table, rowsOf(table)]).toEqual([table, 0]);
  expect([rowsOf("class_lessons"), rowsOf("class_results")]).toEqual([0, 0]);

  expect(await open.enter(2, spend)).toMatchObject({ code: "ended" });
  expect(await open.lead({ type: "freeze", frozen: true }, spend)).toMatchObject({ code: "ended" });
  expect(await open.join({ nickname: "Ben", key: "ben" }, spend, admit)).toMatchObject({
    code: "ended",
  });
  expect(isSentAway).toBe(true);
  expect(member.hold(emptyLesson, "train", null)?.code).toBe("ended");
  expect(await there.at(id, spend)).toBeNull();
  expect(await there.isPupilSecret(id, 2, place.secret)).toBeNull();
  expect([await log.classes.isSecret(id, secret), await log.classes.byCode(code)]).toEqual([
    false,
    null,
  ]);
  expect([rowsOf("lessons"), rowsOf("class_events")]).toEqual([0, 0]);
});

test("a class that is being deleted is out of reach from the first step on, and is deleted once more", async () => {
  const { id } = await here.begin(level, spend);
  const open = await at(here, id);
  await come(open, "Anna");
  await otherLog.classes.shut(id);
  expect(await here.at(id, spend)).toBeNull();
  expect(await open.enter(2, spend)).toMatchObject({ code: "ended" });
  expect(rowsOf("class_lessons")).toBe(1);
  const opening = Membership.of(open.lessonOf(2), there, spend, () => {});
  await expect(opening).rejects.toThrow(Forgotten);
  const late = { id: "a".repeat(22), secret: "b".repeat(22) };
  expect(await log.createInClass(id, { world: "fair", taste: null }, late)).toBe(false);
  await there.forget(id);
  expect([rowsOf("classes"), rowsOf("lessons")]).toEqual([0, 0]);
});

test("one that cannot be deleted keeps no other, and one looks once at a time", async () => {
  for (let i = 0; i < 3; i++) await here.begin(level, spend);
  const asked: string[] = [];
  const failures: unknown[] = [];
  const reports = {
    failed: (_: string, error: unknown) => failures.push(error),
    logger: { info() {} },
  } as unknown as Reports;
  const forget = async (id: string) => {
    asked.push(id);
    if (asked.length === 1) throw new NotStored("not now");
    await here.forget(id);
  };
  const forgetting = new Forgetting(log, { forget }, 0, reports);
  const later = Date.now() + 1000;
  await Promise.all([forgetting.look(later), forgetting.look(later)]);
  expect([asked.length, failures.length, rowsOf("classes")]).toEqual([3, 1, 1]);
  await forgetting.look(later);
  expect(rowsOf("classes")).toBe(0);
});
