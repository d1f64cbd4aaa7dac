import { request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lessonFile, readLessonFile } from "../../shared/lesson/file.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { longestFile } from "../../shared/lesson/sizes.ts";
import { eventful } from "../shared/lesson/histories.ts";
import {
  enter,
  eventsOf,
  newKey,
  type RunningServer,
  refusal,
  startServer,
  temporaryFolder,
} from "./server.ts";

const worlds = ["road", "garden"];
const files = new Map<string, string>();
let server: RunningServer;
beforeAll(async () => {
  server = await startServer(temporaryFolder(), { MAX_MS_A_SECOND: "1000" });
  for (const world of worlds) files.set(world, lessonFile((await eventful(world)).events));
});
afterAll(() => server.stop());

async function send(file: BodyInit, headers: Record<string, string> = {}, to = server) {
  const url = `${to.address}/api/lessons/file`;
  const response = await fetch(url, { method: "POST", body: file, headers });
  return { status: response.status, answer: (await response.json()) as Begun & { reason: string } };
}

const lines = (world = "road") => files.get(world)!.trimEnd().split("\n");
const joined = (all: readonly string[]) => `${all.join("\n")}\n`;
const takeOut = (id: string) => fetch(`${server.address}/api/lessons/${id}/file`);

/** How many lessons and events are stored. */
async function stored() {
  const { default: Database } = await import("libsql");
  const database = new Database(`${server.dataFolder}/lessons.db`);
  const count = (table: string) =>
    (database.prepare(`select count(*) as n from ${table}`).get() as { n: number }).n;
  try {
    return { lessons: count("lessons"), events: count("events") };
  } finally {
    database.close();
  }
}

async function keptPolicies(lesson: string): Promise<string[]> {
  const { default: Database } = await import("libsql");
  const database = new Database(`${server.dataFolder}/lessons.db`);
  try {
    const rows = database.prepare("select json from policies where lesson = ?").all(lesson);
    return (rows as { json: string }[]).map(({ json }) => json);
  } finally {
    database.close();
  }
}

describe.each(worlds)("an eventful lesson: %s", (world) => {
  test("is begun from its file, taught in by whoever brought it, and taken out as it was", async () => {
    const { status, answer } = await send(files.get(world)!);
    expect(status).toBe(201);
    const lesson = answer.id;
    const owner = await enter(server, { lesson, secret: answer.secret });
    const events = await eventsOf(await enter(server, { lesson }));
    expect(events).toEqual(readLessonFile(files.get(world)!));

    // What is computed again from the log comes to the same digest, or the server would refuse to go on.
    const { digest } = events.findLast(({ type }) => type === "trained") as {
      digest: string;
    } & LessonEvent;
    const policy = await owner.room.request("policy", {}, { timeout: 60_000 });
    const { sha256 } = await import("../../server/sha256.ts");
    expect(sha256(policy.json).toString("hex")).toBe(digest);
    expect(await keptPolicies(lesson)).toEqual([policy.json]);

    const out = await takeOut(lesson);
    expect(out.headers.get("content-type")).toContain("application/jsonl");
    expect(await out.text()).toBe(files.get(world));

    await owner.room.request("note", { key: newKey(), step: "watch", text: "And on it goes." });
    expect(await eventsOf(owner)).toHaveLength(events.length + 1);
    const stranger = await enter(server, { lesson });
    const note = { key: newKey(), step: "watch", text: "Not mine." } as const;
    expect((await refusal(stranger.room.request("note", note))).code).toBe("not-yours");
    expect(readLessonFile(await (await takeOut(lesson)).text())).toHaveLength(events.length + 1);
  });
});

test("what a forged file says was learned is not shown, and one can train again", async () => {
  const { answer } = await send(withEvent("trained", { digest: "0".repeat(64) }, "last"));
  const owner = await enter(server, { lesson: answer.id, secret: answer.secret });
  const { code, reason } = await refusal(owner.room.request("policy", {}, { timeout: 60_000 }));
  expect(code).toBe("damaged");
  expect(reason).toContain("does not match this lesson");
});

test("each import is a lesson of its own", async () => {
  const [one, other] = [await send(files.get("road")!), await send(files.get("road")!)];
  expect(one.answer.id).not.toBe(other.answer.id);
  expect(one.answer.secret).not.toBe(other.answer.secret);
});

test("a lesson that was begun here is taken out as it is, and none where there is none", async () => {
  expect((await takeOut("A".repeat(22))).status).toBe(404);
  expect((await takeOut("short")).status).toBe(404);
  expect((await takeOut("..%2f..%2fetc")).status).toBe(404);
});

/** The file with one of its events changed. */
function withEvent(type: LessonEvent["type"], change: object, which: "first" | "last" = "first") {
  const all = lines();
  const is = (line: string, i: number) => i > 0 && JSON.parse(line).type === type;
  const i = which === "first" ? all.findIndex(is) : all.findLastIndex(is);
  expect(i).toBeGreaterThan(0);
  return joined(all.toSpliced(i, 1, JSON.stringify({ ...JSON.parse(all[i]!), ...change })));
}

test.each<[string, () => BodyInit, number]>([
  ["is empty", () => "", 422],
  ["is none", () => "PK\u0003\u0004", 422],
  [
    "is not in UTF-8",
    () => Buffer.concat([Buffer.from(files.get("road")!), Buffer.from([0xff, 0xfe])]),
    422,
  ],
  ["is cut in a line", () => files.get("road")!.slice(0, -20), 422],
  ["is cut between lines", () => joined(lines().slice(0, -1)), 422],
  ["has events out of order", () => joined(lines().toSpliced(2, 2, lines()[3]!, lines()[2]!)), 422],
  ["has an event twice", () => joined(lines().toSpliced(3, 0, lines()[2]!)), 422],
  ["has one huge line", () => joined([lines()[0]!, "x".repeat(30_000_000)]), 422],
  ["is ten million newlines", () => "\n".repeat(10_000_000), 422],
  ["has a header and ten million newlines", () => lines()[0]! + "\n".repeat(10_000_000), 422],
  ["is deep", () => joined([lines()[0]!, "[".repeat(15_000_000)]), 422],
  [
    "is deep, and closed",
    () => joined([lines()[0]!, "[".repeat(1_000_000) + "]".repeat(1_000_000)]),
    422,
  ],
  ["is larger than a lesson", () => "x".repeat(longestFile + 1), 413],
  [
    "has questions about drives that are none",
    () => withEvent("trained", { queries: [[99, 0]] }),
    422,
  ],
  [
    "has questions about steps that are none",
    () => withEvent("trained", { queries: [[0, 1e9]] }),
    422,
  ],
  ["has questions at negative steps", () => withEvent("trained", { queries: [[-1, 0]] }), 422],
  ["has a basis that is none", () => withEvent("trained", { basis: 1e6 }), 422],
  ["has a digest that is none", () => withEvent("trained", { digest: "x" }), 422],
  ["has a world that is none", () => withEvent("created", { world: "__proto__" }), 422],
])(
  "a file that %s is refused, nothing of it is stored, and the server goes on",
  async (_, file, status) => {
    const before = await stored();
    const sent = await send(file());
    expect(sent.answer.reason).toMatch(/^[A-Z].*\.$/);
    expect(sent.answer.reason).not.toMatch(/undefined|\[object|Error/);
    expect(sent.status).toBe(status);
    expect(await stored()).toEqual(before);
    expect((await fetch(`${server.address}/api/live`)).status).toBe(200);
  },
);

test("what is compressed is not inflated", async () => {
  const bomb = gzipSync("\n".repeat(100_000_000));
  const encoded = await send(bomb, { "content-encoding": "gzip" });
  expect(encoded.status).toBe(415);
  expect(encoded.answer.reason).toBe("The body must not be compressed.");
  expect((await send(bomb)).status).toBe(422);
});

test("a file without a length, and one that another site's page sends, are refused", async () => {
  const status = new Promise<number | undefined>((resolve) => {
    const url = `${server.address}/api/lessons/file`;
    const asked = request(url, { method: "POST" }, (response) => resolve(response.statusCode));
    asked.on("error", () => {});
    asked.setHeader("transfer-encoding", "chunked");
    asked.end(files.get("road")!);
  });
  expect(await status).toBe(411);
  expect((await send(files.get("road")!, { origin: "https://evil.example" })).status).toBe(403);
});

test("files count for their address, by how long they are and as lessons", async () => {
  const strict = await startServer(temporaryFolder(), {
    MAX_LESSON_MB: "1",
    MAX_LESSONS_AN_HOUR: "2",
  });
  try {
    expect((await send("x".repeat(1_000_001), {}, strict)).status).toBe(413);
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await send(files.get("road")!, {}, strict)).status);
    expect(statuses).toEqual([201, 201, 429]);
    const many: string[] = [];
    for (let i = 0; i < 12; i++)
      many.push((await send("x".repeat(999_999), {}, strict)).answer.reason);
    expect(many.at(-1)).toBe(
      "Your network address has sent too many files in this hour; try again later.",
    );
  } finally {
    await strict.stop();
  }
});

test("who sends what is refused unread gets to know why, and is not read for ever", async () => {
  const small = await startServer(temporaryFolder(), { MAX_LESSON_MB: "8" });
  const opened = (length: number) => {
    const asked = request(`${small.address}/api/lessons/file`, {
      method: "POST",
      headers: { "content-length": length },
    });
    asked.on("error", () => {});
    const status = new Promise<number | undefined>((resolve) => {
      asked.on("response", (response) => resolve(response.resume().statusCode));
      asked.on("close", () => resolve(undefined));
    });
    const closed = new Promise((resolve) => asked.on("close", resolve));
    return { asked, status, closed };
  };
  try {
    // As programs do that read an answer when all is sent.
    const { hostname, port } = new URL(small.address);
    const line = connect(Number(port), hostname);
    const head =
      "POST /api/lessons/file HTTP/1.1\r\nHost: dojo\r\nContent-Length: 15000000\r\n\r\n";
    line.pause().write(head);
    await new Promise((resolve) => line.write("x".repeat(15e6), resolve));
    expect(await text(line)).toMatch(/^HTTP\/1.1 413 /);
    const slow = opened(9_000_000);
    slow.asked.write("x");
    expect(await slow.status).toBe(413);
    const endless = opened(1e9);
    const part = Buffer.alloc(64_000);
    const more = () => {
      while (!endless.asked.destroyed && endless.asked.write(part));
    };
    endless.asked.on("drain", more);
    more();
    // The line may close before the answer is read, but it closes.
    expect([413, undefined]).toContain(await endless.status);
    await endless.closed;
    expect((await fetch(`${small.address}/api/live`)).status).toBe(200);
  } finally {
    await small.stop();
  }
});

test("to an address few lessons are sent at once, and others are served meanwhile", async () => {
  const { answer } = await send(files.get("road")!);
  const { hostname, port } = new URL(server.address);
  const line = connect(Number(port), hostname);
  const asked = `GET /api/lessons/${answer.id}/file HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  line.write(asked.repeat(50) + asked.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
  const sent = await text(line);
  const statuses = [...sent.matchAll(/^HTTP\/1.1 (\d+) /gm)].map(([, status]) => status);
  expect(statuses).toContain("200");
  expect(statuses).toContain("429");
  expect(statuses.filter((status) => status === "200").length).toBeLessThanOrEqual(4);
  expect(sent).toContain("Too many lessons are being sent");
  expect((await takeOut(answer.id)).status).toBe(200);
});

test("of an address one file is read at a time", async () => {
  const quick = await startServer(temporaryFolder(), { MAX_MS_A_SECOND: "1000" });
  try {
    const sent = await Promise.all(
      Array.from({ length: 5 }, () => send(files.get("road")!, {}, quick)),
    );
    const statuses = sent.map(({ status }) => status);
    expect(statuses).toContain(201);
    expect(statuses).toContain(429);
    expect(statuses.filter((status) => status !== 201 && status !== 429)).toEqual([]);
  } finally {
    await quick.stop();
  }
});
