import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { end, launch, temporaryFolder } from "./server.ts";

// Colyseus' main module exports a loader of such files, which prints that it runs.
test("reads no .env file, and prints only the line with the server's address", async () => {
  const cwd = temporaryFolder();
  for (const name of [".env", ".env.development", ".env.production"])
    writeFileSync(join(cwd, name), "HOST=read\nLOG_LEVEL=info\n");
  const child = launch({ PORT: "0", DATA_DIR: temporaryFolder() }, { cwd });
  child.stdout!.once("data", () => child.kill());
  const { code, stdout, stderr } = await end(child);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^DAgger Dojo is ready: http:\/\/localhost:\d+\/\n$/);
  expect(code).toBe(0);
});

test("the build has none of Colyseus' packages that nothing here uses", () => {
  const built = readdirSync("dist/server", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(join("dist/server", name), "utf8"))
    .join("\n");
  expect(built).toContain("gracefullyShutdown");
  for (const name of ["dotenv", "/etc/environment", "jsonwebtoken", "express-session", "@pm2/io/"])
    expect(built.includes(name), name).toBe(false);
});

test("a server by itself loads nothing that is there for several", () => {
  const loaded = new Map<string, string>();
  const load = (path: string) => {
    if (loaded.has(path)) return;
    const code = readFileSync(path, "utf8");
    loaded.set(path, code);
    for (const [, name] of code.matchAll(/^(?:import|export)\b[^"';]*["'](\.[^"']+)["']/gm))
      load(join(path, "..", name!));
  };
  load("dist/server/index.js");
  expect(loaded.size).toBeGreaterThan(3);
  const client = /\benableOfflineQueue\b/;
  for (const [path, code] of loaded) expect(client.test(code), path).toBe(false);
  const all = readdirSync("dist/server/assets").map((name) => join("dist/server/assets", name));
  expect(all.some((path) => client.test(readFileSync(path, "utf8")))).toBe(true);
});
