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
  for (const name of [
    "dotenv",
    "/etc/environment",
    '"ioredis"',
    "jsonwebtoken",
    "express-session",
    "@pm2/io/",
  ])
    expect(built.includes(name), name).toBe(false);
});
