import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { checkHealth } from "../../server/http/health.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import {
  enter,
  newKey,
  type RunningServer,
  refusal,
  startServer,
  temporaryFolder,
} from "./server.ts";

const token = "metrics-token-that-nobody-knows";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer(temporaryFolder(), { LOG_LEVEL: "debug", METRICS_TOKEN: token });
});
afterAll(async () => {
  await server.stop();
});

const post = (path: string, body: string) =>
  fetch(server.address + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
const scrape = (authorization?: string) =>
  fetch(`${server.address}/metrics`, { headers: authorization ? { authorization } : {} });

async function beginLesson(): Promise<Begun> {
  return (await post("/api/lessons", JSON.stringify({ world: "road" }))).json() as Promise<Begun>;
}

describe("metrics", () => {
  test("are answered with the token only", async () => {
    expect((await scrape(`Bearer ${token}`)).status).toBe(200);
    for (const other of [undefined, "", "Bearer ", `Bearer ${token}x`, token, `Basic ${token}`]) {
      const response = await scrape(other);
      expect(response.status, other).toBe(404);
      expect(await response.text()).not.toContain("dojo_");
    }
  });

  test("count events, with labels of this program only", async () => {
    const { id, secret } = await beginLesson();
    const someone = await enter(server, { lesson: id, secret });
    await post("/api/lessons", "{");
    await fetch(`${server.address}/${id}`);
    await fetch(`${server.address}/api/health?${id}`);
    await someone.room.request("deal", { key: newKey(), taste: null });
    await refusal(someone.room.request("forget", { key: newKey(), demonstration: 7 }));
    const text = await (await scrape(`Bearer ${token}`)).text();
    expect(text).toContain("dojo_open_rooms 1\n");
    expect(text).toContain("dojo_open_connections 1\n");
    expect(text).toContain("dojo_work_queue 0\n");
    expect(text).toMatch(/^dojo_http_responses_total\{route="lessons",status="201"\} [1-9]/m);
    expect(text).toMatch(/^dojo_http_responses_total\{route="lessons",status="400"\} [1-9]/m);
    expect(text).toContain('dojo_events_written_total{type="created"} 1\n');
    expect(text).toContain('dojo_events_written_total{type="dealt"} 1\n');
    expect(text).toContain('dojo_requests_total{request="deal",outcome="done"} 1\n');
    expect(text).toContain('dojo_refusals_total{code="unknown-demonstration"} 1\n');
    expect(text).toContain('dojo_acknowledgement_seconds_count{request="deal"} 1\n');
    expect(text).toMatch(/^process_cpu_seconds_total [\d.]+$/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds [\d.e-]+$/m);
    expect(text).not.toContain(id);
    expect(text).not.toContain(secret);
    await someone.room.leave();
    await expect
      .poll(async () => (await scrape(`Bearer ${token}`)).text())
      .toContain("dojo_open_connections 0\n");
  });
});

test("the log is one line of JSON an entry, without secrets", async () => {
  const { id, secret } = await beginLesson();
  const wrong = "wrong-secret-22-letter";
  const owner = await enter(server, { lesson: id, secret });
  const onlooker = await enter(server, { lesson: id, secret: wrong });
  await owner.room.request("deal", { key: newKey(), taste: null });
  const denied = await refusal(onlooker.room.request("deal", { key: newKey(), taste: null }));
  expect(denied.code).toBe("not-yours");
  await refusal(owner.room.request("deal", { key: newKey(), taste: secret }));
  await refusal(owner.room.request("forget", { key: newKey(), demonstration: secret as never }));

  const seat = "/matchmake/joinOrCreate/lesson";
  const texts = [
    `{"lesson":"${id}","secret":"${secret}"`,
    `{"secret":"${secret}"}`,
    `${secret}`,
    `{"lesson":"${"a".repeat(22)}","secret":"${secret}"}`,
    `{"world":"${secret}"}`,
    `{"world":"road","${secret}":1}`,
  ];
  for (const text of texts) for (const path of [seat, "/api/lessons"]) await post(path, text);
  for (const path of [`/?lesson=${id}&secret=${secret}`, `/${secret}`, `/assets/${secret}.js`])
    await fetch(server.address + path);
  await fetch(server.address, { method: "OPTIONS", headers: { authorization: secret } });
  await fetch(`${server.address}/api/health`, { headers: { cookie: secret, referer: secret } });
  await scrape(`Bearer ${secret}`);
  const session = `sessionId=${wrong}&reconnectionToken=${secret}`;
  for (const path of [`/p/r?${session}`, `/p?${session}`, `/p/${secret}/r?${session}`]) {
    const socket = new WebSocket(server.address.replace("http", "ws") + path);
    socket.on("error", () => {});
    await new Promise((closed) => socket.on("close", closed));
  }
  await owner.room.leave();
  await onlooker.room.leave();
  await server.stop();

  const printed = server.stdout + server.stderr;
  const sessions = [owner, onlooker].map(({ room }) => room.sessionId);
  for (const hidden of [secret, wrong, token, ...sessions]) expect(printed).not.toContain(hidden);
  const [ready, ...lines] = server.stdout.trimEnd().split("\n");
  expect(ready).toMatch(/^DAgger Dojo is ready: /);
  expect(server.stderr).toBe("");
  const events = lines.map((line) => JSON.parse(line));
  for (const event of events)
    expect(event).toMatchObject({ level: expect.any(String), time: expect.any(String) });
  const said = new Set(events.map(({ msg }) => msg));
  for (const msg of ["started", "lesson begun", "responded", "refused at the door", "stopping"])
    expect(said).toContain(msg);
  for (const event of [
    { msg: "lesson begun" },
    { msg: "joined", owner: true },
    { msg: "joined", owner: false },
    { msg: "answered", request: "deal", outcome: "done" },
    { msg: "answered", request: "deal", outcome: "not-yours" },
    { msg: "left" },
  ])
    expect(events).toContainEqual(expect.objectContaining({ ...event, lesson: id }));
  expect(events.at(-1)).toMatchObject({ msg: "stopped" });
});

describe("health", () => {
  const fine = { stopping: () => false, database: async () => {}, workers: async () => true };
  const never = () => new Promise<never>(() => {});
  const broken = async () => {
    throw new Error("No space is left.");
  };
  test.each([
    ["all is well", fine, true, true],
    ["nothing can be written", { ...fine, database: broken }, false, true],
    ["the disk does not answer", { ...fine, database: never }, false, true],
    ["no thread works", { ...fine, workers: async () => false }, true, false],
    ["a thread throws", { ...fine, workers: broken }, true, false],
    ["no thread answers", { ...fine, workers: never }, true, false],
  ])("%s", async (_, checks, database, workers) => {
    expect(await checkHealth(checks)).toEqual({ ok: database && workers, database, workers });
  });

  test("runs no checks while stopping", async () => {
    const checks = { stopping: () => true, database: broken, workers: never };
    expect(await checkHealth(checks)).toEqual({ ok: false, stopping: true });
  });
});
