import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Budget } from "../../server/door/budget.ts";
import { LessonMemory } from "../../shared/lesson/service/lessonMemory.ts";
import { frame } from "../fuzz/frames.ts";
import { msgpack } from "../fuzz/msgpack.ts";
import { Wire } from "../fuzz/wire.ts";
import {
  createLesson,
  eventsOf,
  join,
  launch,
  RunningServer,
  startServer,
  temporaryFolder,
} from "./server.ts";

describe("the main thread's budget of an address", () => {
  test("saves up to four seconds, then goes into debt, and recovers with time", () => {
    let now = 0;
    const budget = new Budget(250, () => now);
    budget.spend("one", 1000);
    expect(budget.wait("one")).toBe(0);
    budget.spend("one", 100);
    // 250 ms a second.
    expect(budget.wait("one")).toBe(400);
    expect(budget.wait("another")).toBe(0);
    now = 300;
    expect(budget.wait("one")).toBeCloseTo(100);
    now = 400;
    expect(budget.wait("one")).toBe(0);
    now = 100_000;
    budget.spend("one", 1000);
    expect(budget.wait("one")).toBe(0);
    budget.spend("one", 1);
    expect(budget.wait("one")).toBe(4);
  });

  test("makes no address wait longer than an unread socket lives", () => {
    let now = 0;
    const budget = new Budget(250, () => now);
    for (let i = 0; i < 100; i++) budget.spend("one", 1000);
    expect(budget.wait("one")).toBe(4000);
    now = 4000;
    expect(budget.wait("one")).toBe(0);
  });
});

describe("lessons in memory", () => {
  /** Lessons that record when they are dropped. */
  const bench = (most: number) => {
    const forgotten: string[] = [];
    const memory = new LessonMemory(most);
    const lesson = (name: string) => ({ forget: () => void forgotten.push(name) });
    return { memory, forgotten, lesson };
  };

  test("are dropped when there are too many, the least recently used first", () => {
    const { memory, forgotten, lesson } = bench(100);
    const [a, b, c, d] = ["a", "b", "c", "d"].map(lesson) as [Kept, Kept, Kept, Kept];
    for (const each of [a, b, c]) memory.use(each, 30);
    memory.use(a, 30);
    expect(forgotten).toEqual([]);
    memory.use(d, 30);
    expect(forgotten).toEqual(["b"]);
    memory.use(d, 70);
    expect(forgotten).toEqual(["b", "c"]);
  });

  test("stay when one larger than the limit is opened", () => {
    const { memory, forgotten, lesson } = bench(100);
    const [a, b] = ["a", "b"].map(lesson) as [Kept, Kept];
    memory.use(a, 300);
    expect(forgotten).toEqual([]);
    memory.use(b, 1);
    expect(forgotten).toEqual(["a"]);
    memory.leave(b);
    memory.use(a, 100);
    expect(forgotten).toEqual(["a"]);
  });

  type Kept = { forget: () => void };
});

describe("a flood from one address", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer(temporaryFolder(), { MAX_MS_A_SECOND: "50" });
  });
  afterAll(() => server.kill());

  test("waits by itself and is answered in order, and no client is disconnected", async () => {
    const lesson = await createLesson(server, "road");
    const wire = await Wire.open(server, { lesson });
    const n = 200;
    for (let i = 0; i < n; i++)
      wire.send(frame(21, Uint8Array.of(i % 100), "events", [msgpack({ since: 99 })]));
    const answers = () => wire.heard.filter((answer) => answer[0] === 22);
    await expect.poll(() => answers().length, { timeout: 60_000 }).toBe(n);
    expect(answers().map((answer) => answer[1])).toEqual(
      Array.from({ length: n }, (_, i) => i % 100),
    );
    expect(wire.isOpen).toBe(true);
    wire.end();
    await (await join(server, lesson)).room.leave();
  });
});

describe("a blocked main thread", () => {
  /** Loaded before the server: blocks its main thread for ever on a signal. */
  const hook = joinPath(temporaryFolder(), "still.mjs");
  writeFileSync(
    hook,
    `import { isMainThread } from "node:worker_threads";
     if (isMainThread) process.on("SIGUSR2", () => { for (;;); });`,
  );
  const env = { NODE_OPTIONS: `--import=${pathToFileURL(hook).href}`, WATCHDOG_SECONDS: "2" };

  test("is ended by the watchdog, and everything acknowledged is stored", async () => {
    const folder = temporaryFolder();
    const server = new RunningServer(folder, env);
    let child = launch({ PORT: "0", DATA_DIR: temporaryFolder() });
    child.kill("SIGKILL");
    await server.start("0", (more) => {
      child = launch(more);
      return child;
    });
    const lesson = await createLesson(server, "garden");
    const gone = once(child, "exit");
    child.kill("SIGUSR2");
    expect(await gone).toEqual([null, "SIGKILL"]);
    expect(server.stderr).toMatch(/^The server has stood still for \d.* s, and is ended\.\n$/);
    await server.start();
    expect(await eventsOf(await join(server, lesson))).toHaveLength(1);
    await server.kill();
  });
});
