import { writeFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { describe, expect, test } from "vitest";
import { server, useServer } from "./running.ts";
import { createLesson, end, eventsOf, join, launch, temporaryFolder } from "./server.ts";

useServer();

const post = (body: string, type = "application/json") =>
  fetch(`${server.address}/api/lessons`, {
    method: "POST",
    headers: { "content-type": type },
    body,
  });

describe("HTTP", () => {
  test.each([
    ["/api/live", { ok: true }],
    ["/api/ready", { ok: true, database: true, workers: true }],
    ["/api/health", { ok: true, database: true, workers: true }],
  ])("%s answers that all is well", async (path, well) => {
    // The first thread may still be starting.
    await expect.poll(async () => (await fetch(server.address + path)).status).toBe(200);
    expect(await (await fetch(server.address + path)).json()).toEqual(well);
  });

  test("serves the page on the same port", async () => {
    const response = await fetch(`${server.address}/`);
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(await response.text()).toContain("<script");
  });

  test("gives each new lesson a different id of 128 bits", async () => {
    const ids = await Promise.all([createLesson(server, "road"), createLesson(server, "road")]);
    for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });

  test("creates a lesson with a taste of its world", async () => {
    for (const body of [
      { world: "garden", taste: "gardener" },
      { world: "garden", taste: null },
      { world: "path", taste: null },
    ]) {
      const response = await post(JSON.stringify(body));
      expect(response.status).toBe(201);
      const { id } = (await response.json()) as { id: string };
      const [created] = await eventsOf(await join(server, id));
      expect(created).toEqual({ seq: 1, at: expect.any(Number), type: "created", ...body });
    }
  });

  test.each([
    ["no such taste", { world: "garden", taste: "hermit" }],
    ["a taste from the prototype", { world: "garden", taste: "constructor" }],
    ["a taste that is the prototype", { world: "garden", taste: "__proto__" }],
    ["a taste in a world without any", { world: "path", taste: "gardener" }],
  ])("%s is refused", async (_, body) => {
    const response = await post(JSON.stringify(body));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      code: "malformed",
      reason: "There is no such taste.",
    });
  });

  test.each([
    ["not JSON", '{"world":"ro', "application/json"],
    ["no world", "{}", "application/json"],
    ["no such world", '{"world":"sea"}', "application/json"],
    ["a taste that is no name", '{"world":"garden","taste":7}', "application/json"],
    ["something more", '{"world":"road","id":"mine"}', "application/json"],
    ["not said to be JSON", '{"world":"road"}', "text/plain"],
    ["too large", JSON.stringify({ world: "road".repeat(1000) }), "application/json"],
  ])("refuses a new lesson with a malformed body (%s)", async (_, body, type) => {
    const response = await post(body, type);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    const refusal = await response.json();
    expect(refusal).toEqual({ code: "malformed", reason: expect.stringMatching(/^.+\.$/) });
  });
});

describe("starting and stopping", () => {
  const refusals: [string, Record<string, string>, RegExp][] = [
    ["PORT is not a number", { PORT: "80x" }, /^PORT is "80x", .+\.$/],
    ["PORT is too large", { PORT: "65536" }, /^PORT is "65536", .+\.$/],
    [
      "DATA_DIR cannot be made",
      { DATA_DIR: "/proc/lessons" },
      /^Cannot keep lessons in \/proc.+\.$/,
    ],
    ["DATA_DIR cannot be written", { DATA_DIR: "/proc" }, /^Cannot keep lessons in \/proc.+\.$/],
    [
      "DATA_DIR is a file",
      { DATA_DIR: "package.json" },
      /^Cannot keep lessons in .+ not a directory\.$/,
    ],
    [
      "DATA_DIR is below a file",
      { DATA_DIR: "package.json/x" },
      /^Cannot keep .+ not a directory\.$/,
    ],
  ];
  test.each(refusals)("%s: exits with one sentence", async (_, env, sentence) => {
    const { code, stdout, stderr } = await end(
      launch({ PORT: "0", DATA_DIR: temporaryFolder(), ...env }),
    );
    expect(stderr.trimEnd()).toMatch(sentence);
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });

  test("a port in use: exits with one sentence", async () => {
    const PORT = new URL(server.address).port;
    const { code, stdout, stderr } = await end(launch({ PORT, DATA_DIR: temporaryFolder() }));
    expect(stderr).toBe(`Port ${PORT} is in use; choose another with PORT.\n`);
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });

  test("a file that is no database: exits with one sentence, and leaves the file alone", async () => {
    const DATA_DIR = temporaryFolder();
    writeFileSync(joinPath(DATA_DIR, "lessons.db"), "a diary ".repeat(1000));
    const { code, stderr } = await end(launch({ PORT: "0", DATA_DIR }));
    expect(stderr).toMatch(/^Cannot keep lessons in .+: file is not a database\.\n$/);
    expect(code).toBe(1);
  });

  test.each(["SIGTERM", "SIGINT"] as const)(
    "%s stops the server with exit code 0",
    async (signal) => {
      const child = launch({ PORT: "0", DATA_DIR: temporaryFolder() });
      child.stdout!.once("data", () => child.kill(signal));
      const { code, stdout, stderr } = await end(child);
      expect(stdout).toMatch(/^DAgger Dojo is ready: http:\/\/localhost:\d+\/\n$/);
      expect(stderr).toBe("");
      expect(code).toBe(0);
    },
  );
});
