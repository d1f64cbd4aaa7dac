import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { networkInterfaces } from "node:os";
import { join as joinPath } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { answers, type RunningNginx, startNginx } from "./nginx.ts";
import {
  createLesson,
  eventsOf,
  join,
  newKey,
  type RunningServer,
  startServer,
  temporaryFolder,
} from "./server.ts";

// A real nginx with deploy/nginx.conf in front of a real server. Without an nginx, these tests do not run,
// and a message says so.

let server: RunningServer;
/** The address of nginx; null where there is none. */
let front: string | null = null;
let nginx: RunningNginx | null = null;
const folder = temporaryFolder();

beforeAll(async () => {
  server = await startServer(temporaryFolder(), {
    TRUST_PROXY: "1",
    ALLOWED_HOSTS: "dojo.example, localhost",
    MAX_LESSONS_AN_HOUR: "3",
  });
  nginx = await startNginx(server, folder);
  front = nginx?.address ?? null;
}, 170_000);

afterAll(async () => {
  await nginx?.stop();
  await server?.stop();
});

interface NginxRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** A client's address: all addresses that begin with 127 are this machine. */
  readonly from?: string;
}

async function ask(path: string, { method, headers, body, from }: NginxRequest = {}) {
  const url = (front ?? "") + path;
  const options = { method, headers, ...(from && { localAddress: from, family: 4 }) };
  const asked = request(url.replace("localhost", "127.0.0.1"), options as object);
  asked.setHeader("host", headers?.host ?? new URL(url).host);
  asked.end(body);
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  return { response, body: Buffer.concat(await response.toArray()) };
}

const begin = (from: string, headers: Record<string, string> = {}) =>
  ask("/api/lessons", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ world: "road" }),
    from,
  });

test("behind nginx the page has the same compression and headers", async () => {
  if (!front) return;
  const { response } = await ask("/", { headers: { "accept-encoding": "br" } });
  expect(response.statusCode).toBe(200);
  expect(response.headers["content-encoding"]).toBe("br");
  expect(response.headers.vary).toBe("Accept-Encoding");
  expect(response.headers["content-security-policy"]).toContain("default-src 'self'");
  expect(response.headers.server).toBe("nginx");
  const ready = async () => JSON.parse(`${(await ask("/api/ready")).body}`);
  await expect.poll(ready).toEqual({ ok: true, database: true, workers: true });
  // A client that asks for another protocol.
  const other = { Connection: "Upgrade", Upgrade: "h2c" };
  expect((await ask("/", { headers: other })).response.statusCode).toBe(200);
});

test("behind nginx a person teaches over a websocket", async () => {
  if (!front) return;
  const lesson = await createLesson({ address: front }, "road");
  const someone = await join({ address: front }, lesson);
  const episode = demonstrate(worlds.road!, 5000);
  await someone.room.request("demonstrate", { key: newKey(), episode });
  expect(await eventsOf(someone)).toHaveLength(2);
  await someone.room.leave();
  // The log must not have its address or its session.
  const log = readFileSync(joinPath(folder, "dagger-dojo.log"), "utf8");
  expect(log).toMatch(/^127\.0\.0\.1 \S+ POST \/api\/lessons 201 \d+$/m);
  expect(log).not.toMatch(/[?=]/);
});

test("behind nginx a body over the limit ends at nginx", async () => {
  if (!front) return;
  const post = async (length: number) => {
    const { response, body } = await ask("/api/lessons", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ world: "x".repeat(length) }),
    });
    return { status: response.statusCode, byNginx: `${body}`.includes("<center>nginx") };
  };
  expect(await post(5000)).toEqual({ status: 413, byNginx: true });
  // Probable mistakes are answered by the server, with a sentence.
  expect(await post(3000)).toEqual({ status: 413, byNginx: false });
});

test("behind nginx limits apply to the client's address, whatever X-Forwarded-For it sends", async () => {
  if (!front) return;
  const statuses: (number | undefined)[] = [];
  for (let i = 0; i < 5; i++) {
    const pretended = { "x-forwarded-for": `198.51.100.${i}` };
    statuses.push((await begin("127.0.0.2", pretended)).response.statusCode);
  }
  expect(statuses).toEqual([201, 201, 201, 429, 429]);
  expect((await begin("127.0.0.3")).response.statusCode).toBe(201);
});

test("behind nginx a request cannot give the server another host name", async () => {
  if (!front) return;
  const status = async (headers: Record<string, string>) =>
    (await ask("/", { headers })).response.statusCode;
  expect(await status({ host: "dojo.example" })).toBe(200);
  expect(await status({ host: "evil.example" })).toBe(421);
  expect(await status({ host: "evil.example", "x-forwarded-host": "dojo.example" })).toBe(421);
  const own = { host: "dojo.example", origin: "http://dojo.example" };
  expect((await begin("127.0.0.4", own)).response.statusCode).toBe(201);
  const foreign = { host: "dojo.example", origin: "https://evil.example" };
  const spoofed = { ...foreign, "x-forwarded-host": "evil.example" };
  expect((await begin("127.0.0.4", foreign)).response.statusCode).toBe(403);
  expect((await begin("127.0.0.4", spoofed)).response.statusCode).toBe(403);
});

test("behind nginx the server itself listens on this machine only", async () => {
  if (!front) return;
  const port = Number(new URL(server.address).port);
  expect(await answers("127.0.0.1", port)).toBe(true);
  const others = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal, scopeid }) => !internal && !scopeid);
  for (const { address } of [...others, { address: "127.0.0.2" }])
    expect(await answers(address, port), address).toBe(false);
});
