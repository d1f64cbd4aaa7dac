import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { end, launch, temporaryFolder } from "./server.ts";

// Colyseus exports from one module what loads such files and says so.
test("no .env file is read, and nothing is printed but the line that says where the server is", async () => {
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

test("what is built has none of the packages that Colyseus brings and nothing here uses", () => {
  const built = readdirSync("dist/server", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(join("dist/server", name), "utf8"))
    .join("\n");
  expect(built).toContain("gracefullyShutdown");
  for (const name of [
    "dotenv",
    "/etc/environment",
    "ioredis",
    "jsonwebtoken",
    "express-session",
    "@pm2/io/",
  ])
    expect(built.includes(name), name).toBe(false);
});
