import { once } from "node:events";
import { readdirSync } from "node:fs";
import { get, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { Client } from "colyseus.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import {
  createLesson,
  eventsOf,
  join,
  type RunningServer,
  startServer,
  temporaryFolder,
} from "./server.ts";

let server: RunningServer;
/** Connections on which nothing, or half of a request, was sent at the beginning. */
let slow: readonly Promise<string>[];

beforeAll(async () => {
  server = await startServer();
  slow = ["", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow", post("/api/lessons", "1", 20)].map(say);
});
afterAll(() => server.stop());

function port(of = server): number {
  return Number(new URL(of.address).port);
}

/** Sends bytes, and resolves to everything received until the connection is closed. */
async function say(bytes: string): Promise<string> {
  const socket = connect(port(), "localhost");
  let heard = "";
  socket.on("data", (chunk) => {
    heard += chunk;
  });
  socket.on("error", () => {});
  socket.write(bytes);
  await once(socket, "close");
  return heard;
}

/** The bytes of a POST, whose body may be longer or shorter than its length says. */
function post(path: string, body: string, length = body.length, more = ""): string {
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${more}\r\n${body}`;
}

const lesson = JSON.stringify({ world: "road" });
const begin = (of: RunningServer, headers: Record<string, string> = {}, body = lesson) =>
  fetch(`${of.address}/api/lessons`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
const seat = (of: RunningServer, body: string, headers: Record<string, string> = {}) =>
  fetch(`${of.address}/matchmake/joinOrCreate/lesson`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });

/** Opens a websocket and resolves to the status of the answer, 101 where it was admitted. */
async function open(of: RunningServer, headers: Record<string, string>, path: string) {
  const socket = new WebSocket(of.address.replace("http", "ws") + path, { headers });
  return await new Promise<{ status: number; socket: WebSocket }>((resolve, reject) => {
    socket.on("open", () => resolve({ status: 101, socket }));
    socket.on("unexpected-response", (_, { statusCode }) => {
      resolve({ status: statusCode!, socket });
      socket.on("error", () => {});
      socket.terminate();
    });
    socket.on("error", reject);
  });
}

/** The path of a seat's websocket. */
async function seatIn(of: RunningServer, id: string, headers = {}): Promise<string> {
  const response = await seat(of, JSON.stringify({ lesson: id }), headers);
  expect(response.status).toBe(200);
  const { processId, roomId, sessionId } = (await response.json()) as Record<string, string>;
  return `/${processId}/${roomId}?sessionId=${sessionId}`;
}

const refusal = { code: expect.stringMatching(/^[a-z-]+$/), reason: expect.stringMatching(/\.$/) };

describe("headers", () => {
  const assets = () =>
    `/assets/${readdirSync("dist/client/assets").find((name) => name.endsWith(".js"))}`;
  test.each([
    ["the page", () => fetch(`${server.address}/`)],
    ["a file of the page", () => fetch(server.address + assets())],
    ["health", () => fetch(`${server.address}/api/health`)],
    ["a lesson", () => begin(server)],
    ["a refused lesson", () => begin(server, {}, "{")],
    ["a refused seat", () => seat(server, "{}")],
    ["nothing", () => fetch(`${server.address}/nothing`)],
    ["a refused method", () => fetch(server.address, { method: "OPTIONS" })],
    ["a refused origin", () => begin(server, { origin: "https://evil.example" })],
  ])(
    "%s has a strict policy, and no header about the server or for other sites",
    async (_, ask) => {
      const { headers } = await ask();
      const policy = headers.get("content-security-policy")!;
      expect(policy).toContain("default-src 'self'");
      for (const none of ["object-src", "base-uri", "form-action", "frame-ancestors"])
        expect(policy).toContain(`${none} 'none'`);
      expect(policy).not.toMatch(/unsafe|\*|https?:|upgrade-insecure/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("x-frame-options")).toBe("DENY");
      for (const none of ["x-powered-by", "server", "strict-transport-security"])
        expect(headers.has(none), none).toBe(false);
      expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    },
  );

  test("caches files with a hash in their name for good, and revalidates all others", async () => {
    const cache = async (path: string) =>
      (await fetch(server.address + path)).headers.get("cache-control");
    expect(await cache(assets())).toBe("public, max-age=31536000, immutable");
    for (const path of ["/", "/index.html", "/explorer.html", "/bc-vs-dagger.html"])
      expect(await cache(path), path).toBe("no-cache");
    for (const path of ["/api/live", "/api/health", "/nothing", "/assets/nothing-12345678.js"])
      expect(await cache(path), path).toBe("no-store");
  });
});

describe("hosts", () => {
  let named: RunningServer;
  beforeAll(async () => {
    named = await startServer(temporaryFolder(), { ALLOWED_HOSTS: "localhost, Dojo.example" });
  });
  afterAll(() => named.stop());

  const ask = async (host: string, headers: Record<string, string> = {}) => {
    const asked = get(`${named.address}/`, { headers: { ...headers, host } });
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };

  test.each([
    ["localhost", 200],
    ["localhost:2567", 200],
    ["dojo.example", 200],
    ["DOJO.example:443", 200],
    ["evil.example", 421],
    ["dojo.example.evil.example", 421],
    ["127.0.0.1", 421],
    ["dojo.example@evil.example", 421],
    ["[", 421],
  ])("%s: %i", async (host, status) => {
    expect(await ask(host)).toBe(status);
  });

  test("a health check may use any host name", async () => {
    const probe = async (path: string, method = "GET") => {
      const asked = request(named.address + path, { method, headers: { host: "10.1.2.3" } });
      asked.end();
      const [response] = (await once(asked, "response")) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    };
    for (const path of ["/api/live", "/api/ready", "/api/health"])
      await expect.poll(() => probe(path), { message: path }).toBe(200);
    expect(await probe("/api/live", "POST")).toBe(421);
    expect(await probe("/api/lessons", "POST")).toBe(421);
    expect(await probe("/api/live/x")).toBe(421);
  });

  test("refuses a page whose own host name was rebound to this server", async () => {
    const rebound = { host: "evil.example", origin: "http://evil.example" };
    const path = await seatIn(named, await createLesson(named, "road"));
    const { status, socket } = await open(named, rebound, path);
    expect(status).toBe(421);
    socket.close();
    // X-Forwarded-Host counts only with a trusted proxy.
    expect(await ask("evil.example", { "x-forwarded-host": "dojo.example" })).toBe(421);
    expect(await ask("dojo.example", { "x-forwarded-host": "evil.example" })).toBe(200);
  });
});

describe("origins", () => {
  let strict: RunningServer;
  beforeAll(async () => {
    strict = await startServer(temporaryFolder(), {
      ALLOWED_ORIGINS: "https://friend.example",
      TRUST_PROXY: "1",
    });
  });
  afterAll(() => strict.stop());

  const cases: [string, Record<string, string>, boolean][] = [
    ["no origin", {}, true],
    ["another site", { origin: "https://evil.example" }, false],
    ["an origin that is none", { origin: "null" }, false],
    ["an origin that is no URL", { origin: "localhost" }, false],
    ["a friend", { origin: "https://friend.example" }, true],
    ["a friend on another port", { origin: "https://friend.example:444" }, false],
    ["a friend without https", { origin: "http://friend.example" }, false],
    [
      "the host that a proxy speaks for",
      { origin: "https://dojo.example", "x-forwarded-host": "dojo.example" },
      true,
    ],
    [
      "the same with its port",
      { origin: "https://dojo.example", "x-forwarded-host": "dojo.example:443" },
      true,
    ],
    [
      "another than a proxy speaks for",
      { origin: "https://evil.example", "x-forwarded-host": "dojo.example" },
      false,
    ],
  ];
  test.each(cases)("%s", async (_, headers, good) => {
    const id = await createLesson(strict, "road");
    expect((await begin(strict, headers)).status).toBe(good ? 201 : 403);
    expect((await seat(strict, JSON.stringify({ lesson: id }), headers)).status).toBe(
      good ? 200 : 403,
    );
    const { status, socket } = await open(strict, headers, await seatIn(strict, id));
    expect(status).toBe(good ? 101 : 403);
    socket.close();
    // Pages of other sites may send this, but cannot read the answer: see the headers.
    expect((await fetch(`${strict.address}/api/live`, { headers })).status).toBe(200);
  });

  test("admits its own pages, and ignores X-Forwarded-Host without a trusted proxy", async () => {
    expect((await begin(server, { origin: server.address })).status).toBe(201);
    const forwarded = { origin: "https://dojo.example", "x-forwarded-host": "dojo.example" };
    const response = await begin(server, forwarded);
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({
      code: "not-yours",
      reason: "Pages of other sites may not use this server.",
    });
  });
});

describe("limits", () => {
  let narrow: RunningServer;
  beforeAll(async () => {
    narrow = await startServer(temporaryFolder(), {
      MAX_REQUESTS_A_MINUTE: "20",
      MAX_LESSONS_AN_HOUR: "2",
      MAX_CONNECTIONS: "2",
      TRUST_PROXY: "1",
    });
  });
  afterAll(() => narrow.stop());
  const from = (address: string) => ({ "x-forwarded-for": address });

  test("limits the requests a minute of an address", async () => {
    const ask = (address: string) =>
      fetch(`${narrow.address}/api/live`, { headers: from(address) });
    const many = await Promise.all(Array.from({ length: 22 }, () => ask("10.0.0.1")));
    const excess = many.filter(({ status }) => status === 429);
    expect(excess.length).toBe(2);
    expect(Number(excess[0]!.headers.get("retry-after"))).toBeGreaterThan(30);
    expect(Number(excess[0]!.headers.get("retry-after"))).toBeLessThanOrEqual(60);
    expect(await excess[0]!.json()).toEqual({ ...refusal, code: "too-many" });
    expect((await seat(narrow, "{}", from("10.0.0.1"))).status).toBe(429);
    expect((await open(narrow, from("10.0.0.1"), "/a/b?sessionId=c")).status).toBe(429);
    expect((await ask("10.0.0.2")).status).toBe(200);
  });

  test("limits the new lessons an hour of an address, not counting refused ones", async () => {
    const beginAs = (address: string, body?: string) => begin(narrow, from(address), body);
    for (let i = 0; i < 3; i++) expect((await beginAs("10.0.1.1", "{}")).status).toBe(400);
    expect((await beginAs("10.0.1.1")).status).toBe(201);
    expect((await beginAs("10.0.1.1")).status).toBe(201);
    const excess = await beginAs("10.0.1.1");
    expect(excess.status).toBe(429);
    expect(Number(excess.headers.get("retry-after"))).toBeGreaterThan(3500);
    expect(await excess.json()).toEqual({ ...refusal, code: "too-many" });
    expect((await beginAs("10.0.1.2")).status).toBe(201);
  });

  test("limits the open websockets of an address or IPv6 network", async () => {
    const id = await createLesson(narrow, "road");
    const openAs = async (address: string) =>
      open(narrow, from(address), await seatIn(narrow, id, from(address)));
    const one = await openAs("2001:db8::1");
    const other = await openAs("2001:db8::2");
    expect([one.status, other.status]).toEqual([101, 101]);
    expect((await openAs("2001:db8::3")).status).toBe(429);
    expect((await openAs("2001:db8:0:1::3")).status).toBe(101);
    // A closed websocket makes room.
    const left = once(one.socket, "close");
    one.socket.terminate();
    await left;
    await expect.poll(async () => (await openAs("2001:db8::4")).status).toBe(101);
  });

  test.each([
    ["a large body", 413, () => begin(server, {}, JSON.stringify({ world: "r".repeat(3000) }))],
    ["a large seat", 413, () => seat(server, JSON.stringify({ lesson: "r".repeat(3000) }))],
    ["a compressed body", 415, () => begin(server, { "content-encoding": "gzip" })],
    ["a long URL", 414, () => fetch(`${server.address}/${"a".repeat(3000)}`)],
  ])("%s", async (_, status, ask) => {
    const response = await ask();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ ...refusal, code: "malformed" });
  });

  test("limits a body without a length", async () => {
    for (const path of ["/api/lessons", "/matchmake/joinOrCreate/lesson"]) {
      const part = `800\r\n${" ".repeat(0x800)}\r\n`;
      const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
      expect(await say(`${head}${part}${part}0\r\n\r\n`)).toMatch(/^HTTP\/1.1 413 /);
    }
  });

  test("refuses long headers, and bytes that are no HTTP", async () => {
    const long = await say(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${"a".repeat(9000)}\r\n\r\n`);
    expect(long).toMatch(/^HTTP\/1.1 431 /);
    const none = await say("Good day!\r\n\r\n");
    expect(none).toMatch(/^HTTP\/1.1 400 /);
    for (const answer of [long, none]) {
      expect(answer).toMatch(/content-security-policy: default-src 'none'/i);
      expect(JSON.parse(answer.split("\r\n\r\n")[1]!)).toEqual(refusal);
    }
  });
});

describe("unusual requests", () => {
  /** A response's headers, by name in lower case, and its body. */
  const told = (answer: string) => {
    const [head = "", body = ""] = answer.split("\r\n\r\n", 2);
    const lines = head.split("\r\n").slice(1);
    const headers = new Headers(lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]));
    return { status: Number(head.split(" ")[1]), headers, body };
  };
  const isStrict = (headers: Headers) => {
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-frame-options")).toBe("DENY");
  };
  const upgrade = (to: string) => `Host: localhost\r\nConnection: Upgrade\r\nUpgrade: ${to}\r\n`;
  const close = "Connection: close\r\n";

  test.each([
    ["no host", "GET / HTTP/1.1\r\n", 400],
    ["two hosts", `GET / HTTP/1.1\r\nHost: localhost\r\nhost: evil.example\r\n`, 400],
    ["the same host twice", `GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n`, 400],
    [
      "two hosts for a websocket",
      `GET /a/b?sessionId=c HTTP/1.1\r\nHost: x\r\n${upgrade("websocket")}`,
      400,
    ],
    ["an expectation", "GET / HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\n", 417],
    ["a POST in another protocol", `POST / HTTP/1.1\r\n${upgrade("h2c")}`, 400],
    ["another protocol where nothing is", `GET /nothing HTTP/1.1\r\n${upgrade("h2c")}`, 404],
  ])("refuses %s with the usual headers and sentence", async (_, lines, status) => {
    const more = lines.includes("Upgrade:") ? "" : close;
    const answer = told(await say(`${lines}${more}\r\n`));
    expect(answer.status).toBe(status);
    isStrict(answer.headers);
    expect(JSON.parse(answer.body)).toEqual({ ...refusal, code: "malformed" });
  });

  test.each(["h2c", "TLS/1.0, HTTP/1.1", "websocket2"])(
    "answers a request to upgrade to %s over HTTP",
    async (protocol) => {
      const page = await (await fetch(server.address)).text();
      const answer = told(await say(`GET / HTTP/1.1\r\n${upgrade(protocol)}\r\n`));
      expect(answer.status).toBe(200);
      isStrict(answer.headers);
      expect(answer.headers.get("connection")).toBe("close");
      expect(answer.body).toBe(page);
      const head = told(await say(`HEAD / HTTP/1.1\r\n${upgrade(protocol)}\r\n`));
      expect([head.status, head.body]).toEqual([200, ""]);
    },
  );

  test("answers Expect: 100-continue, and accepts HTTP/1.0 without a host", async () => {
    const waiting = post("/api/lessons", lesson, lesson.length, `Expect: 100-continue\r\n${close}`);
    expect(await say(waiting)).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 201 /);
    expect(await say("GET / HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe("routes", () => {
  let lessonId: string;
  beforeAll(async () => {
    lessonId = await createLesson(server, "road");
  });

  const nothing: [string, string, number][] = [
    ["GET", "/nothing", 404],
    ["GET", "/__healthcheck", 404],
    ["GET", "/metrics", 404],
    ["GET", "/assets", 404],
    ["GET", "/assets/", 404],
    ["GET", "/matchmake/joinOrCreate/other", 404],
    ["GET", "/matchmake/joinOrCreate/lesson", 405],
    ["GET", "/api/lessons", 405],
    ["POST", "/", 405],
    ["POST", "/api/health", 405],
    ["POST", "/api/live", 405],
    ["POST", "/api/ready", 405],
    ["POST", "/index.html", 405],
    ["GET", "/index%2ehtml", 404],
    ["POST", "/matchmake/create/lesson", 405],
    ["POST", "/matchmake/joinById/lesson", 405],
    ["POST", "/matchmake/joinOrCreate/other", 405],
    ["POST", "/matchmake/__proto__/lesson", 405],
    ["OPTIONS", "/api/lessons", 405],
    ["OPTIONS", "/api/health", 405],
    ["OPTIONS", "/matchmake/joinOrCreate/lesson", 405],
    ["DELETE", "/api/lessons", 405],
    ["TRACE", "/", 405],
    ["GET", "/../package.json", 404],
    ["GET", "/..%2fpackage.json", 404],
    ["GET", "/%2e%2e/%2e%2e/package.json", 404],
    ["GET", "/assets/..%5c..%5c..%5cpackage.json", 404],
    ["GET", "//etc/passwd", 404],
    ["GET", "/.env", 404],
    ["GET", "/.git/config", 404],
    ["GET", "/index.html%00.js", 404],
    ["GET", "/%", 404],
    ["GET", "/%c0%ae%c0%ae/package.json", 404],
    ["GET", "/server/index.js", 404],
    ["GET", "http://elsewhere.example/nothing", 404],
  ];
  test.each(nothing)("refuses %s %s", async (method, path, status) => {
    const answer = await say(
      `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    );
    const [head, body] = answer.split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const { error, ...rest } = JSON.parse(body!);
    expect(rest).toEqual(refusal);
    expect([undefined, rest.reason]).toContain(error);
    expect(answer).not.toMatch(/node_modules|dependencies|\.ts|\.js:/);
    if (status === 405) expect(head).toMatch(/\r\nAllow: (POST|GET, HEAD)\r\n/);
  });

  test.each([
    ["no room", "/"],
    ["no session", "/process/room"],
    ["a session that is none", "/process/room?sessionId="],
    ["a room that is not there", "/process/room?sessionId=a"],
    ["a room that every object has", "/process/__proto__?sessionId=a"],
    ["another that it has", "/process/constructor?sessionId=a"],
  ])("refuses a websocket at %s", async (_, path) => {
    const { pathname } = new URL(server.address + (await seatIn(server, lessonId)));
    const process = pathname.split("/")[1]!;
    for (const at of new Set([path, path.replace("process", process)]))
      expect((await open(server, {}, at)).status, at).toBe(404);
  });

  test("refuses a websocket to a room of another process", async () => {
    const path = await seatIn(server, lessonId);
    expect((await open(server, {}, path.replace(/^\/[^/]+/, "/another"))).status).toBe(404);
    const { status, socket } = await open(server, {}, path);
    expect(status).toBe(101);
    socket.close();
  });

  test("refuses a websocket with an invalid handshake", async () => {
    const path = await seatIn(server, lessonId);
    const line = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n`;
    const bad = await say(`${line}Upgrade: websocket\r\nSec-WebSocket-Key: short\r\n\r\n`);
    expect(bad).toMatch(/^HTTP\/1.1 400 .+not the beginning of a websocket/s);
  });

  test("refuses to join an unknown lesson with a sentence", async () => {
    const client = new Client(server.address);
    const error = await client
      .joinOrCreate("lesson", { lesson: "a".repeat(22) })
      .catch((reason) => reason);
    expect(error).toMatchObject({ code: 404, message: "There is no lesson at this address." });
    for (const body of ["{", '"text"', "[]", "null", ""]) {
      const response = await seat(server, body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ ...refusal, code: "malformed" });
    }
  });

  test("joins after the seat was reserved", async () => {
    const someone = await join(server, await createLesson(server, "road"));
    expect(await eventsOf(someone)).toHaveLength(1);
    await someone.room.leave();
  });
});

test("closes connections that send too little", async () => {
  const [nothing, half, body] = await Promise.all(slow);
  for (const answer of [nothing, half, body]) expect(answer).toMatch(/^HTTP\/1.1 408 |^$/);
  expect(half).toMatch(/took too long/);
});

test("an upgrade request behind an unfinished answer closes that connection only", async () => {
  const server = await startServer();
  try {
    const plain = "GET / HTTP/1.1\r\nHost: localhost\r\n";
    const both = `${plain}\r\n${plain}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`;
    const line = connect(Number(new URL(server.address).port), "localhost");
    line.on("error", () => {});
    line.write(both);
    line.resume();
    await once(line, "close");
    expect((await fetch(`${server.address}/api/live`)).status).toBe(200);
    expect(server.isUp).toBe(true);
  } finally {
    await server.kill();
  }
});
