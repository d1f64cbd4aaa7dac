import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportLessons } from "../../server/export/index.ts";
import { sha256 } from "../../server/sha256.ts";
import { ParquetFile } from "../../shared/data/formats/parquetFile.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { lessonFile } from "../../shared/lesson/file.ts";
import { apply, type LessonEvent, lessonAt } from "../../shared/lesson/fold.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import { startRound } from "../../shared/lesson/training.ts";
import { policyOf } from "../../shared/policies/index.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { driven, fullHistory, lines } from "../shared/data/lessons.ts";
import network from "../shared/policies/foreign/network.json";
import { enter, eventsOf, type RunningServer, startServer, temporaryFolder } from "./server.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Runs the command as npm does, on a file with this content. */
function run(text: string | Uint8Array, ...more: readonly string[]) {
  const file = join(temporaryFolder(), "file.jsonl");
  writeFileSync(file, text);
  const env = { ...process.env, DATA_DIR: server.dataFolder };
  const args = ["scripts/import.mjs", file, ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  return { status, stdout, stderr: stderr.replaceAll(`${file}: `, "") };
}

/** The events of a lesson, for its owner, as the running server has them. */
async function imported(stdout: string): Promise<readonly LessonEvent[]> {
  const [, lesson, secret] = stdout.match(/\?lesson=([\w-]{22})#teach=([\w-]{22})$/m)!;
  const owner = await enter(server, { lesson, secret });
  const events = await eventsOf(owner);
  await owner.room.leave();
  return events;
}

test("an exported lesson comes back as it was, and what is trained from it is the same bit for bit", async () => {
  const to = join(temporaryFolder(), "out");
  const { events } = await fullHistory();
  const first = run(lessonFile(events));
  expect(first.stderr).toBe("");
  const [, id] = first.stdout.match(/lesson=([\w-]{22})/)!;
  await exportLessons({
    from: { kind: "sqlite", folder: server.dataFolder },
    lessons: [id!],
    format: "jsonl",
    to,
  });
  const [name] = readdirSync(join(to, "lessons"));
  const again = await imported(run(readFileSync(join(to, "lessons", name!), "utf8")).stdout);
  expect(again).toEqual(events);
  const { rounds } = again.reduce(apply, emptyLesson);
  expect(rounds).toHaveLength(2);
  for (const { plan, seed, learningSeed, basis, digest } of rounds) {
    const { policy } = startRound(lessonAt(again, basis), plan, seed, () => {}, learningSeed);
    expect(sha256(JSON.stringify(policy.toJSON())).toString("hex")).toBe(digest);
  }
});

test("demonstrations from elsewhere become a lesson, once their states are those of the replay", async () => {
  const { states: _, ...bare } = driven("calm", 3001);
  const { stdout } = run(lines(driven("calm", 3000), bare), "--world", "fair");
  const lesson = (await imported(stdout)).reduce(apply, emptyLesson);
  expect(lesson.world).toBe("fair");
  expect(lesson.demonstrations.map(({ episode }) => episode)).toEqual([
    demonstrate(worlds.calm!, 3000),
    demonstrate(worlds.calm!, 3001),
  ]);
});

/** Episodes as a Parquet file, a row each. */
function parquetOf(
  episodes: readonly { world: string; seed: number; actions: readonly number[] }[],
): Uint8Array {
  const parts: Uint8Array[] = [];
  const file = new ParquetFile(
    { size: 0, write: (data) => parts.push(Buffer.from(data as Uint8Array)), close() {} },
    [
      { name: "world", type: "text" },
      { name: "seed", type: "integer" },
      { name: "actions", type: "double", isList: true },
    ],
  );
  for (const { world, seed, actions } of episodes) file.add([world, seed, actions]);
  file.close();
  return Buffer.concat(parts);
}

/** The same file, whose footer says "-n values" where it says "n values". */
function withNegativeSize(file: Uint8Array, n: number): Uint8Array {
  const changed = Buffer.from(file);
  const footer = changed.length - 8 - changed.readUInt32LE(changed.length - 8);
  // Zigzag, then seven bits a byte: n is 2 n, and -n is 2 n - 1.
  const bytes = (zigzag: number): Buffer =>
    zigzag < 128
      ? Buffer.from([zigzag])
      : Buffer.concat([Buffer.from([(zigzag & 127) | 128]), bytes(zigzag >> 7)]);
  const at = changed.indexOf(bytes(2 * n), footer);
  expect(at).toBeGreaterThan(0);
  bytes(2 * n - 1).copy(changed, at);
  return changed;
}

test("demonstrations come as Parquet, too, and what is wrong is named with its row", async () => {
  const [one, other] = [driven("path", 3000), driven("path", 3001)];
  const { stdout, stderr } = run(parquetOf([one, other]));
  expect(stderr).toBe("");
  const { demonstrations } = (await imported(stdout)).reduce(apply, emptyLesson);
  expect(demonstrations.map(({ episode }) => episode)).toEqual([
    demonstrate(worlds.path!, 3000),
    demonstrate(worlds.path!, 3001),
  ]);
  expect(run(parquetOf([one, { ...other, seed: 5 }]))).toEqual({
    status: 2,
    stdout: "",
    stderr: "Row 2: This seed is held out for measuring.\n",
  });
  const whole = parquetOf([one]);
  for (const [bytes, sentence] of [
    [whole.subarray(0, 60), /^It is no Parquet that can be read: .+\.\n$/],
    [Buffer.concat([whole.subarray(0, 8), Buffer.alloc(200, 255), whole.subarray(208)]), /\.\n$/],
    [withNegativeSize(whole, one.actions.length), /a number of values is negative\.\n$/],
    [parquetOf(Array.from({ length: 1001 }, () => one)), /^It has 1001 rows, and a lesson 1000/],
  ] as const) {
    const { status, stderr } = run(bytes);
    expect(status).toBe(2);
    expect(stderr).toMatch(sentence);
  }
});

test("a network from elsewhere begins a lesson that learns on top of it, and a bad one is told by its places", async () => {
  const file = {
    format: "dagger-dojo network",
    version: 1,
    world: "road",
    ...network.road.network,
  };
  const begin = (text: string) => {
    const path = join(temporaryFolder(), "network.json");
    writeFileSync(path, text);
    const env = { ...process.env, DATA_DIR: server.dataFolder };
    const args = ["scripts/import.mjs", "--policy", path];
    const ran = spawnSync(process.execPath, args, { env, encoding: "utf8" });
    return { ...ran, stderr: ran.stderr.replaceAll(`${path}: `, "") };
  };
  const { stdout, stderr } = begin(JSON.stringify(file));
  expect(stderr).toBe("");
  const [, lesson, secret] = stdout.match(/\?lesson=([\w-]{22})#teach=([\w-]{22})$/m)!;
  const owner = await enter(server, { lesson, secret });
  const plan = { policy: "imported", query: "novel", budget: 2, drives: 1 };
  await owner.room.request("train", { key: "train-0001", plan });
  const [round] = (await eventsOf(owner)).reduce(apply, emptyLesson).rounds;
  const { json } = await owner.room.request("policy", {});
  expect(sha256(json).toString("hex")).toBe(round!.digest);
  const policy = policyOf(JSON.parse(json));
  const action = new Float64Array(1);
  for (const [i, observation] of network.road.observations.entries()) {
    policy.act(Float64Array.from(observation), action);
    expect(action[0]).toBeCloseTo(network.road.outputs[i]![0]!, 12);
  }
  await owner.room.leave();

  const before = readFileSync(join(server.dataFolder, "lessons.db"));
  const [, ...others] = file.layers;
  const bad = begin(
    JSON.stringify({ ...file, layers: others, scale: { mean: [1], deviation: [0] } }),
  );
  expect(bad.status).toBe(2);
  expect(bad.stderr.split("\n").slice(0, 2)).toEqual([
    "layers[0].weights[0]: It has 5 numbers, and road shows 4.",
    "layers[0].weights[1]: It has 5 numbers, and road shows 4.",
  ]);
  expect(begin("{}").stderr).toContain("format: ");
  expect(readFileSync(join(server.dataFolder, "lessons.db"))).toEqual(before);
});

test("a bad file is told line by line, and nothing of it is stored", () => {
  const before = readFileSync(join(server.dataFolder, "lessons.db"));
  const text = `${lines(driven("path", 2000))}{\nno\n`;
  expect(run(text)).toEqual({
    status: 2,
    stdout: "",
    stderr: "Line 2: It is not JSON.\nLine 3: It is not JSON.\n",
  });
  const ofLesson = '{"format":"dagger-dojo lesson","version":1,"events":1}\n{}\n';
  expect(run(ofLesson)).toMatchObject({ status: 2, stdout: "" });
  expect(run(text, "--wrold", "path")).toEqual({
    status: 2,
    stdout: "",
    stderr:
      "Name one file: npm run import -- FILE [--world WORLD], or npm run import -- --policy FILE\n",
  });
  expect(readFileSync(join(server.dataFolder, "lessons.db"))).toEqual(before);
});
