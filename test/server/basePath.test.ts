import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { type RunningNginx, startNginx } from "./nginx.ts";
import {
  createLesson,
  end,
  eventsOf,
  join,
  launch,
  newKey,
  type RunningServer,
  type ServerAddress,
  startServer,
  temporaryFolder,
} from "./server.ts";

const METRICS_TOKEN = "for-the-scraper";

/** Teaches in a new lesson, and reads what has been taught. */
async function teach(server: ServerAddress) {
  const lesson = await createLesson(server, "road");
  const someone = await join(server, lesson);
  const episode = demonstrate(worlds.road!, 5000);
  await someone.room.request("demonstrate", { key: newKey(), episode });
  expect(await eventsOf(someone)).toHaveLength(2);
  await someone.room.leave();
}

/** The page at an address, and whether the files that it names are there. */
async function expectPage(folder: string) {
  const page = await fetch(folder);
  expect(page.status).toBe(200);
  expect(page.headers.get("cache-control")).toBe("no-cache");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
  expect(page.headers.get("link")).toBeNull();
  const names = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(
    ([, name]) => name!,
  );
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) {
    expect(name).toMatch(/^\.\//);
    const file = await fetch(new URL(name, folder));
    expect(file.status, name).toBe(200);
    expect(file.headers.get("cache-control"), name).toContain("immutable");
  }
}

describe("under a base path", () => {
  let server: RunningServer;
  let origin: string;
  beforeAll(async () => {
    server = await startServer(temporaryFolder(), { BASE_PATH: "/dojo", METRICS_TOKEN });
    ({ origin } = new URL(server.address));
  });
  afterAll(() => server.stop());
  const status = async (path: string, init: RequestInit = {}) =>
    (await fetch(origin + path, { redirect: "manual", ...init })).status;

  test("the page, a lesson and its websocket are there", async () => {
    expect(server.address).toBe(`${origin}/dojo`);
    await expectPage(`${server.address}/`);
    await teach(server);
  });

  test("health checks and metrics are there", async () => {
    expect(await status("/dojo/api/live")).toBe(200);
    await expect.poll(() => status("/dojo/api/ready")).toBe(200);
    const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
    expect(await status("/dojo/metrics", { headers })).toBe(200);
    expect(await status("/metrics", { headers })).toBe(404);
  });

  test("elsewhere there is nothing", async () => {
    for (const path of ["/", "/api/live", "/dojoo/", "/Dojo/", "/dojo/dojo/api/live", "/x/dojo/"])
      expect(await status(path), path).toBe(404);
    for (const path of ["/api/lessons", "/matchmake/joinOrCreate/lesson", "/dojo"])
      expect(await status(path, { method: "POST" }), path).toBe(404);
  });

  test("a missing slash at the end is added", async () => {
    for (const query of ["", "?lesson=abc&x=//evil.example"]) {
      const response = await fetch(`${origin}/dojo${query}`, { redirect: "manual" });
      expect(response.status).toBe(301);
      expect(response.headers.get("location")).toBe(`/dojo/${query}`);
    }
  });

  test("a room's websocket is there, and nowhere else", async () => {
    const someone = await join(server, await createLesson(server, "road"));
    const open = async (path: string) => {
      // A seat may be taken once; whether there is a room is looked at before.
      const socket = new WebSocket(`${origin.replace("http", "ws")}${path}`);
      socket.on("error", () => {});
      const answered = once(socket, "unexpected-response").then(([, { statusCode }]) => statusCode);
      const opened = once(socket, "open").then(() => 101);
      return Promise.race([answered, opened]).finally(() => socket.terminate());
    };
    const { connection } = someone.room as unknown as {
      connection: { transport: { ws: WebSocket } };
    };
    const { pathname, search } = new URL(connection.transport.ws.url);
    expect(pathname).toMatch(/^\/dojo\/[\w-]+\/[\w-]+$/);
    expect(await open(pathname + search)).toBe(101);
    expect(await open(pathname.replace("/dojo", "") + search)).toBe(404);
    await someone.room.leave();
  });
});

test.each([
  "dojo",
  "/dojo/",
  "/",
  "//dojo",
  "/a/../b",
  "/.",
  "/do jo",
  "/d%6fjo",
  "https://a.example/dojo",
])("BASE_PATH=%s: exits with one sentence", async (BASE_PATH) => {
  const child = launch({ PORT: "0", DATA_DIR: temporaryFolder(), BASE_PATH });
  expect(await end(child)).toEqual({
    code: 1,
    stdout: "",
    stderr: `BASE_PATH is "${BASE_PATH}", which is not a path as in /dojo: it begins with "/" and does not end with it.\n`,
  });
});

describe.each([
  ["passes it on", "/dojo", "proxy_pass http://dagger_dojo;"],
  ["takes it off", "", "proxy_pass http://dagger_dojo/;"],
])("behind an nginx that %s", (_, BASE_PATH, pass) => {
  let server: RunningServer;
  let nginx: RunningNginx | null = null;
  beforeAll(async () => {
    server = await startServer(temporaryFolder(), { TRUST_PROXY: "1", BASE_PATH });
    nginx = await startNginx({ address: new URL(server.address).origin }, temporaryFolder(), [
      ["location / {", "location /dojo/ {"],
      ["proxy_pass http://dagger_dojo;", pass],
      ["location /api/lessons/file {", "location /dojo/api/lessons/file {"],
      ["http://dagger_dojo/api/lessons/file;", `http://dagger_dojo${BASE_PATH}/api/lessons/file;`],
    ]);
  }, 170_000);
  afterAll(async () => {
    await nginx?.stop();
    await server?.stop();
  });

  test("the page, a lesson and its websocket are there", async () => {
    if (!nginx) return;
    const folder = `${nginx.address}/dojo`;
    await expectPage(`${folder}/`);
    await teach({ address: folder });
    expect((await fetch(`${folder}/api/live`)).status).toBe(200);
    expect((await fetch(`${nginx.address}/api/live`)).status).toBe(404);
    // A file may be longer than any other body: the server is who refuses this one.
    const file = await fetch(`${folder}/api/lessons/file`, {
      method: "POST",
      body: "x".repeat(1e6),
    });
    expect(file.status).toBe(422);
    const response = await fetch(`${folder}?lesson=abc`, { redirect: "manual" });
    expect(response.status).toBe(301);
    expect(new URL(response.headers.get("location")!, folder).pathname).toBe("/dojo/");
  });
});
