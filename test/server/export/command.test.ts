import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { exportLessons, formats, NotExported } from "../../../server/export/index.ts";
import { fileName } from "../../../server/storage/sqlite/database.ts";
import { SqliteLog } from "../../../server/storage/sqlite/log.ts";
import { storeLesson } from "../../../server/storage/wholeLesson.ts";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import { fullHistory } from "../../shared/data/lessons.ts";
import { temporaryFolder } from "../server.ts";

const folder = temporaryFolder();
const from = { kind: "sqlite", folder } as const;
const ids: string[] = [];
let log: SqliteLog;

beforeAll(async () => {
  log = await SqliteLog.open(folder);
  for (let i = 0; i < 3; i++) {
    const { id } = await log.create({ world: "road" });
    const episode = demonstrate(worlds.calm!, 2000 + i);
    const event = { type: "demonstrated", episode } as const;
    await log.append(id, 2, { key: `demonstrated-${i}`, print: "", event });
    ids.push(id);
  }
});
afterAll(() => log.close());

/** Runs the command as npm does. */
function run(args: readonly string[], through: readonly string[] = [], lessons = folder) {
  const [command, ...rest] = [...through, process.execPath, "scripts/export.mjs", ...args];
  const env = { ...process.env, DATA_DIR: lessons };
  return spawnSync(command!, rest, { env, encoding: "utf8" });
}

describe("what is wrong with the order is told in a sentence, and nothing is written", () => {
  const out = () => join(temporaryFolder(), "out");
  test.each([
    [
      ["--format", "csv", "x"],
      "Say either --all or --lesson ADDRESS or --study NAME or --class CODE.",
    ],
    [
      ["--all", "--lesson", "x", "--format", "csv", "x"],
      "Say either --all or --lesson ADDRESS or --study NAME or --class CODE.",
    ],
    [["--all", "x"], "Say --format FORMAT."],
    [["--all", "--format", "toString", "x"], 'There is no format "toString"'],
    [["--all", "--format", "csv"], "Name one folder to write to."],
    [["--all", "--format", "csv", "x", "y"], "Name one folder to write to."],
    [["--all", "--fromat", "csv", "x"], "Unknown option '--fromat'."],
  ])("%j", (args, sentence) => {
    const { status, stdout, stderr } = run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(sentence);
  });

  test.each([
    ["AAAAAAAAAAAAAAAAAAAAAA", "There is no lesson AAAAAAAAAAAAAAAAAAAAAA."],
    ["../../etc/passwd", '"../../etc/passwd" is no address of a lesson.'],
  ])("a lesson %s", async (id, sentence) => {
    const to = out();
    await expect(exportLessons({ from, lessons: [id], format: "csv", to })).rejects.toThrow(
      sentence,
    );
    expect(readdirSync(join(to, ".."))).toEqual([]);
  });

  test("a folder without lessons", async () => {
    const to = out();
    const nowhere = { kind: "sqlite", folder: temporaryFolder() } as const;
    const order = { from: nowhere, lessons: null, format: "csv", to };
    await expect(exportLessons(order)).rejects.toThrow("there are no lessons in");
  });
});

test("what is there already stays as it is", () => {
  const to = join(temporaryFolder(), "out");
  mkdirSync(to);
  writeFileSync(join(to, "mine"), "mine");
  const { status, stderr } = run(["--all", "--format", "csv", to]);
  expect(status).toBe(1);
  expect(stderr).toBe(`${to} exists already; choose another name.\n`);
  expect(readdirSync(to)).toEqual(["mine"]);
});

test.each(Object.keys(formats))(
  "an export as %s that is broken off leaves nothing",
  async (format) => {
    const folder = temporaryFolder();
    const order = { from, lessons: null, format, to: join(folder, "out") };
    let asked = 0;
    const signal = {
      throwIfAborted() {
        if (++asked === 3) throw new DOMException("", "AbortError");
      },
    } as AbortSignal;
    const broken = exportLessons(order, signal);
    await expect(broken).rejects.toThrow(NotExported);
    await expect(broken).rejects.toThrow("it was broken off");
    expect(readdirSync(folder)).toEqual([]);
  },
);

test.each(["csv", "minari"])("a disk that is full is told, and has nothing of %s", (format) => {
  const folder = temporaryFolder();
  // No file may be larger than 8 kB, which is an error like that of a full disk.
  const limited = ["bash", "-c", 'ulimit -f 8; trap "" XFSZ; exec "$@"', "bash"];
  const { status, stderr } = run(["--all", "--format", format, join(folder, "out")], limited);
  expect(stderr).toBe("Nothing was exported: the disk is full.\n");
  expect(status).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test("lessons come in the order in which they were begun, as they are while somebody writes", async () => {
  const to = join(temporaryFolder(), "out");
  let going = true;
  const writing = (async () => {
    for (let seq = 3; going; seq++) {
      const event = { type: "noted", step: "watch", text: `Note ${seq}` } as const;
      await log.append(ids[2]!, seq, { key: `noted-in-${seq}`, print: "", event });
    }
  })();
  await exportLessons({ from, lessons: null, format: "csv", to });
  going = false;
  await writing;
  // What people did is for whoever asked for it.
  expect(statSync(to).mode & 0o077).toBe(0);
  const lines = readFileSync(join(to, "events.csv"), "utf8").trim().split("\n").slice(1);
  const order = [...new Set(lines.map((line) => line.split(",")[0]))];
  expect(order).toEqual(ids);
  const notes = lines.filter((line) => line.includes("Note "));
  expect(notes.length).toBeGreaterThan(0);
  expect(notes.map((line) => line.split(",").at(-1))).toEqual(notes.map((_, i) => `Note ${i + 3}`));
});

test("of two exports to the same place, one is told so, and the other is all there", async () => {
  const folder = temporaryFolder();
  const order = { from, lessons: null, format: "csv", to: join(folder, "out") };
  const done = await Promise.allSettled([exportLessons(order), exportLessons(order)]);
  const told = done.flatMap((one) => (one.status === "rejected" ? [`${one.reason}`] : []));
  expect(told).toEqual([expect.stringContaining("exists already")]);
  expect(readdirSync(folder)).toEqual(["out"]);
  const alone = join(temporaryFolder(), "out");
  await exportLessons({ ...order, to: alone });
  expect(readdirSync(order.to)).toEqual(readdirSync(alone));
});

describe("a lesson that cannot be read", () => {
  const damaged = temporaryFolder();
  const from = { kind: "sqlite", folder: damaged } as const;
  const why = "cannot be read: Event 2 of this lesson is damaged";
  let [good, bad] = ["", ""];

  beforeAll(async () => {
    const log = await SqliteLog.open(damaged);
    for (let i = 0; i < 2; i++) {
      const { id } = await log.create({ world: "road" });
      const episode = demonstrate(worlds.calm!, 2000);
      await log.append(id, 2, {
        key: "shown",
        print: "",
        event: { type: "demonstrated", episode },
      });
      [good, bad] = [bad, id];
    }
    await log.close();
    const database = new Database(join(damaged, fileName));
    database.prepare("update events set body = '5' where lesson = ? and seq = 2").run(bad);
    database.close();
  });

  test("is told by its address where it was asked for, and nothing is exported", async () => {
    const folder = temporaryFolder();
    const order = { from, lessons: [good, bad], format: "csv", to: join(folder, "out") };
    await expect(exportLessons(order)).rejects.toThrow(`Lesson ${bad} ${why}`);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is left out of all lessons, which is told, and the others are exported", () => {
    const to = join(temporaryFolder(), "out");
    const args = ["--all", "--format", "jsonl", to];
    const { status, stdout, stderr } = run(args, [], damaged);
    expect(stderr).toContain(`Left out: Lesson ${bad} ${why}`);
    expect(stdout).toContain("lessons 1, episodes 1,");
    expect(readdirSync(join(to, "lessons"))).toEqual([`${good}.jsonl`]);
    expect(status).toBe(1);
  });

  test("leaves nothing where there is no other", async () => {
    const database = new Database(join(damaged, fileName));
    database.prepare("update events set body = '5' where seq = 2").run();
    database.close();
    const folder = temporaryFolder();
    const order = { from, lessons: null, format: "csv", to: join(folder, "out") };
    await expect(exportLessons(order)).rejects.toThrow(`Lesson ${good} ${why}`);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("learners are trained again", () => {
  const taught = temporaryFolder();
  const from = { kind: "sqlite", folder: taught } as const;

  beforeAll(async () => {
    await (await SqliteLog.open(taught)).close();
    await storeLesson((await fullHistory()).events, from);
  });

  /** How often it asks whether to go on, and the steps in which it is known what the learner would have done. */
  async function exported(format: string, msATurn = 0) {
    const to = join(temporaryFolder(), "out");
    const { now } = performance;
    let asked = 0;
    const clock = vi
      .spyOn(performance, "now")
      .mockImplementation(() => now.call(performance) + asked * msATurn);
    const signal = { throwIfAborted: () => void asked++ } as unknown as AbortSignal;
    await exportLessons({ from, lessons: null, format, to }, signal);
    clock.mockRestore();
    if (format !== "csv") return { asked, known: 0 };
    const [head, ...rows] = readFileSync(join(to, "steps-road.csv"), "utf8").trim().split("\n");
    const columns = head!.split(",");
    const source = columns.indexOf("expert_source");
    const proposal = columns.indexOf("learner_action_0");
    const steered = rows.map((row) => row.split(",")).filter((row) => row[source] === "takeover");
    expect(steered.length).toBeGreaterThan(0);
    return { asked, known: steered.filter((row) => row[proposal] !== "").length };
  }

  test("for what they would have done where a person drove", async () => {
    expect((await exported("csv")).known).toBeGreaterThan(0);
  });

  test("for a minute at most: what is left has no proposals", async () => {
    expect((await exported("csv", 60_000)).known).toBe(0);
  });

  test("where the format has what they would have done, and not for a log", async () => {
    const [tables, log] = [await exported("csv"), await exported("jsonl")];
    expect(tables.asked).toBeGreaterThan(log.asked);
    // Before the only lesson, and before the folder gets its name.
    expect(log.asked).toBe(2);
  });
});
