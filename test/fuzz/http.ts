import * as fc from "fast-check";
import { mutated, nasty } from "./values.ts";

const methods = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("GET", "POST") },
  fc.constantFrom(
    "HEAD",
    "OPTIONS",
    "PUT",
    "DELETE",
    "TRACE",
    "PATCH",
    "CONNECT",
    "PRI",
    "get",
    "G ET",
    "",
  ),
);

const known = [
  "/",
  "/index.html",
  "/explorer.html",
  "/api/health",
  "/api/lessons",
  "/api/studies/example",
  "/api/studies/example/researcher",
  "/api/classes",
  "/api/classes/join",
  "/api/classes/AAAAAAAAAAAAAAAAAAAAAA",
  "/api/classes/AAAAAAAAAAAAAAAAAAAAAA/pupil",
  "/class",
  "/class/BCDFGH",
  "/study/example?PROLIFIC_PID=abc",
  "/study/example/researcher",
  "/metrics",
  "/__healthcheck",
  "/matchmake/joinOrCreate/lesson",
  "/matchmake/joinOrCreate/class",
  "/matchmake/joinOrCreate/bare",
  "/matchmake/create/lesson",
  "/matchmake/joinById/abc",
  "/matchmake/reconnect/abc",
  "/matchmake/__proto__/lesson",
  "/matchmake/constructor/lesson",
  "/matchmake/joinOrCreate/__proto__",
  "/matchmake/%zz/%zz",
  "/matchmake/",
  "/matchmake",
  "/assets/",
  "/p/r?sessionId=abc",
  "/p/r?sessionId=abc&reconnectionToken=def&skipHandshake=1",
] as const;

const steps = fc.constantFrom(
  "..",
  ".",
  "%2e%2e",
  "%2e%2e%2f",
  "..%2f",
  "..%5c",
  "..\\",
  "%00",
  "%ff",
  "%zz",
  "%c0%ae%c0%ae",
  "%252e%252e",
  ".git",
  ".env",
  "etc/passwd",
  "server/index.js",
  "lessons.db",
  "package.json",
  "C:",
  "con",
  "",
  "a".repeat(3000),
);

const paths = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...known) },
  {
    weight: 2,
    arbitrary: fc
      .array(steps, { minLength: 1, maxLength: 6 })
      .map((parts) => `/${parts.join("/")}`),
  },
  fc
    .tuple(fc.constantFrom(...known), fc.array(steps, { maxLength: 4 }))
    .map(([path, parts]) => `${path}/${parts.join("/")}`),
  fc
    .tuple(fc.constantFrom(...known), fc.string({ maxLength: 60 }))
    .map(([path, query]) => `${path}?${query}`),
  fc.constantFrom(
    "*",
    "*:99999",
    "*:x",
    "//",
    "//x:y",
    "http://",
    "http://[",
    "http://x:99999/",
    "ws://%/",
    "/".repeat(9000),
    "?",
    "#",
  ),
  fc.string({ unit: "binary", maxLength: 30 }),
);

const headers: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "Content-Type: application/json",
      "Connection: close",
      "Accept: */*",
    ),
  },
  fc.constantFrom(
    "Host: [",
    "Host: a b",
    "Host: x:99999",
    "Host: ",
    "Host: %",
    "Host: x\r\nHost: y",
    "X-Forwarded-Proto: ::",
    "X-Forwarded-Proto: javascript",
    "X-Forwarded-For: 1.2.3.4, , ::, x",
    "X-Forwarded-Host: [",
    'Forwarded: for="',
    ":authority: [",
    "Origin: null",
    "Origin: https://evil.example",
    "Origin: ::::",
    "Referer: \u0001",
    "Content-Length: -1",
    "Content-Length: 5",
    "Content-Length: 99999999999",
    "Content-Length: 1\r\nContent-Length: 2",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding: gzip",
    "Content-Encoding: gzip",
    "Content-Encoding: br",
    "Content-Type: application/json; charset=utf-7",
    'Content-Type: application/json; charset="',
    "Content-Type: text/plain",
    "Content-Type: multipart/form-data; boundary=",
    "Content-Type: multipart/form-data",
    "Content-Type: application/x-www-form-urlencoded",
    "Content-Type: ;;;",
    "Expect: 100-continue",
    "Expect: the unexpected",
    "Range: bytes=0-,-1,5-2",
    "Range: bytes=99999999999-",
    "If-None-Match: *",
    "If-Modified-Since: never",
    'If-Range: "',
    "Authorization: Bearer ",
    "Authorization: Bearer \u00ff",
    "Cookie: __proto__=1; =; ;;",
    "Accept-Encoding: *;q=x",
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13",
    'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate; x="',
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: short\r\nSec-WebSocket-Version: 99",
    "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x",
    "__proto__: x",
    "constructor: x",
    `X-Long: ${"x".repeat(20_000)}`,
    "Folded: a\r\n b",
    "No colon",
    "Nul: \0",
  ),
  fc
    .tuple(fc.stringMatching(/^[A-Za-z-]{1,12}$/), fc.string({ maxLength: 30 }))
    .map(([name, value]) => `${name}: ${value}`),
);

const entryLike = { lesson: "AAAAAAAAAAAAAAAAAAAAAA", secret: "AAAAAAAAAAAAAAAAAAAAAA" };
const lessonLike = { world: "garden", taste: null };
const key = "AAAAAAAAAAAAAAAAAAAAAA";
const classLike = [
  { plan: "fair-weather" },
  { code: "BCDFGH", nickname: "Anna", key },
  { secret: key, request: { type: "step", step: 1 } },
  { pupil: 2, secret: key, request: { type: "rename", nickname: "Ben" } },
  { class: key, pupil: 2, secret: key },
];

const bodies: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "",
    "null",
    "{}",
    "[]",
    "0",
    '"x"',
    "{",
    "{{{{",
    "[".repeat(60_000),
    "\u00ff\u00fe",
    "a".repeat(3_000_000),
  ),
  fc.constantFrom(JSON.stringify(entryLike), JSON.stringify(lessonLike)),
  fc.constantFrom(...classLike.map((body) => JSON.stringify(body))),
  fc
    .oneof(mutated(entryLike), mutated(lessonLike), ...classLike.map(mutated), nasty)
    .map((value) => asJson(value)),
  fc.constantFrom(
    "5\r\nhello\r\n0\r\n\r\n",
    "FFFFFFFFFFFFFFFF\r\nx",
    "-1\r\n\r\n",
    "0\r\nTrailer: x\r\n\r\n",
    "zz\r\n",
  ),
);

const request: fc.Arbitrary<string> = fc
  .record({
    method: methods,
    path: paths,
    version: fc.oneof(
      { weight: 9, arbitrary: fc.constant("HTTP/1.1") },
      fc.constantFrom("HTTP/1.0", "HTTP/2.0", "HTTP/9", ""),
    ),
    host: fc.oneof(
      { weight: 4, arbitrary: fc.constant(["Host: localhost"]) },
      fc.constant<string[]>([]),
    ),
    headers: fc.array(headers, { maxLength: 4 }),
    honest: fc.boolean(),
    body: fc.oneof({ weight: 1, arbitrary: fc.constant("") }, { weight: 2, arbitrary: bodies }),
  })
  .map(({ method, path, version, host, headers, honest, body }) => {
    const length = honest && body ? [`Content-Length: ${Buffer.byteLength(body, "latin1")}`] : [];
    return [`${method} ${path} ${version}`, ...host, ...headers, ...length, "", body].join("\r\n");
  });

/** Bytes for an HTTP port: requests, several at once, truncated ones, or other bytes. */
export const httpBytes: fc.Arbitrary<Uint8Array> = fc
  .oneof(
    { weight: 6, arbitrary: request },
    fc.array(request, { minLength: 2, maxLength: 3 }).map((all) => all.join("")),
    fc.tuple(request, fc.nat(200)).map(([text, n]) => text.slice(0, n)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  )
  .map((text) => Buffer.from(text, "latin1"));

/** A value as JSON; empty where it has none. */
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "";
  }
}
