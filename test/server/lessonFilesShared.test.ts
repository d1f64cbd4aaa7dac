import { once } from "node:events";
import { type ClientRequest, createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import express from "express";
import { expect, test, vi } from "vitest";
import { LessonFiles, type LessonFilesParts } from "../../server/http/lessonFiles.ts";
import { TimelyTurns } from "../../server/http/timelyTurns.ts";
import { readSettings } from "../../server/settings.ts";
import { SqliteLog } from "../../server/storage/sqlite/log.ts";
import { lessonFile } from "../../shared/lesson/file.ts";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import { type RunningServer, startServer, temporaryFolder } from "./server.ts";

const small = lessonFile([{ seq: 1, at: 1, type: "created", world: "road", taste: null }]);

/** A file that an address has begun to send, and of which it has sent `sent` bytes. */
async function begin(server: RunningServer, address: string, length: number, sent: number) {
  const asked: ClientRequest = request(`${server.address}/api/lessons/file`, {
    method: "POST",
    agent: false,
    headers: { "content-length": length, expect: "100-continue", "x-forwarded-for": address },
  });
  asked.on("error", () => {});
  const answer = new Promise<IncomingMessage>((resolve) => asked.once("response", resolve));
  asked.flushHeaders();
  // Only then has the server begun to read.
  await once(asked, "continue");
  await new Promise<unknown>((resolve) => asked.write(Buffer.alloc(sent), resolve));
  return { asked, answer };
}

async function send(server: RunningServer, address: string) {
  const headers = { "x-forwarded-for": address };
  const url = `${server.address}/api/lessons/file`;
  return (await fetch(url, { method: "POST", body: small, headers })).status;
}

test("files that come slowly are in nobody's way, however many there are", async () => {
  const server = await startServer(temporaryFolder(), { TRUST_PROXY: "1" });
  try {
    const slow = await Promise.all(
      Array.from({ length: 20 }, (_, i) => begin(server, `10.0.0.${i}`, 1000, 1)),
    );
    expect(await send(server, "10.0.1.1")).toBe(201);
    expect(await send(server, "10.0.0.1")).toBe(429);
    for (const { asked } of slow) asked.destroy();
    await expect.poll(() => send(server, "10.0.0.1")).toBe(201);
  } finally {
    await server.stop();
  }
});

test("of files that together are too much, the one that has been coming for longest gives way", async () => {
  const server = await startServer(temporaryFolder(), { TRUST_PROXY: "1", MAX_LESSON_MB: "1" });
  try {
    const slow: Awaited<ReturnType<typeof begin>>[] = [];
    for (let i = 0; i < 5; i++) slow.push(await begin(server, `10.0.0.${i}`, 1e6, 9e5));
    slow[0]!.asked.end(Buffer.alloc(1e5));
    const first = await slow[0]!.answer;
    expect(first.statusCode).toBe(429);
    expect(first.headers["retry-after"]).toBe("2");
    expect(((await json(first)) as Refusal).reason).toContain("Too many files are being sent");
    expect(await send(server, "10.0.1.1")).toBe(201);
    // What gives way first is what came first.
    slow[4]!.asked.end(Buffer.alloc(1e5));
    expect((await slow[4]!.answer).statusCode).toBe(422);
    for (const { asked } of slow) asked.destroy();
  } finally {
    await server.stop();
  }
});

test("what waits too long for its turn is not done, and what comes after it is", async () => {
  const turns = new TimelyTurns(20);
  let goOn = (_: string) => {};
  const first = turns.run(() => new Promise<string>((resolve) => (goOn = resolve)));
  const late = vi.fn(async () => "late");
  expect(await turns.run(late)).toBeNull();
  goOn("done");
  expect(await first).toBe("done");
  expect(await turns.run(async () => "next")).toBe("next");
  await expect(turns.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await turns.run(async () => "after a failure")).toBe("after a failure");
  expect(late).not.toHaveBeenCalled();
});

/** The routes in a process of their own test, on a log with one lesson of `n` long notes. */
async function routesWith(n: number, parts: Partial<LessonFilesParts>) {
  const folder = temporaryFolder();
  const log = await SqliteLog.open(folder);
  const { id } = await log.create({ world: "road" });
  const text = "x".repeat(2000);
  for (let i = 0; i < n; i++) {
    const event = { type: "noted", step: "watch", text } as const;
    await log.append(id, i + 2, { key: `note-${i}-key`, print: "", event });
  }
  const files = new LessonFiles({
    door: { addressOf: () => "someone", admitLesson: async () => null },
    budget: { spend() {}, wait: () => 0 },
    reports: { refused() {}, failed() {} },
    limits: readSettings({}).limits,
    log,
    dataFolder: folder,
    ...parts,
  } as unknown as LessonFilesParts);
  const http = createServer(express().use(files.routes)).listen(0);
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;
  const close = async () => {
    http.closeAllConnections();
    http.close();
    await files.close();
    await log.close();
  };
  return { address: `http://localhost:${port}`, id, log, files, close };
}

test("a file that nobody gets to in time is refused in words, with when to try again", async () => {
  const run = vi.spyOn(TimelyTurns.prototype, "run").mockResolvedValue(null);
  const { address, close } = await routesWith(0, {});
  try {
    const answer = await fetch(`${address}/api/lessons/file`, { method: "POST", body: small });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("30");
    expect(((await answer.json()) as Refusal).reason).toMatch(/^Other files .* try again .*\.$/);
  } finally {
    run.mockRestore();
    await close();
  }
});

test("a lesson is looked through, and sent, within the address's budget", async () => {
  let reads = 0;
  let waits = 0;
  let isOver = false;
  const wait = () => (isOver && ++waits ? 5 : 0);
  const budget = { spend() {}, wait } as never;
  const { address, id, log, close } = await routesWith(200, { budget });
  const stretch = log.stretch.bind(log);
  vi.spyOn(log, "stretch").mockImplementation((...asked) => {
    isOver = ++reads === 2;
    return stretch(...asked);
  });
  try {
    const looked = fetch(`${address}/api/lessons/${id}/file`, { method: "HEAD" });
    await expect.poll(() => waits).toBeGreaterThan(3);
    expect(reads).toBe(2);
    isOver = false;
    expect((await looked).status).toBe(200);
    expect(reads).toBeGreaterThan(5);
  } finally {
    await close();
  }
});
