import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { install, requireNode } from "./install.mjs";

// Vite serves the page and updates it when its sources change. It passes requests and websockets on to the
// game's server, which is rebuilt and restarted when its sources change.

process.chdir(join(import.meta.dirname, ".."));
requireNode();
install();

const port = Number(process.env.PORT || 2567);
const behind = port + 1;
const { build, createServer } = await import("vite");

/** @type {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, null> | null} */
let server = null;
async function restart() {
  if (server && server.exitCode === null) {
    server.kill();
    await once(server, "exit");
  }
  const env = { ...process.env, PORT: String(behind) };
  server = spawn(process.execPath, ["dist/server/index.js"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  // Only its log: the address that it prints is not the one to open.
  createInterface({ input: server.stdout }).on("line", (line) => {
    if (line.startsWith("{")) console.log(line);
  });
}

const watcher = await build({ logLevel: "warn", build: { ssr: true, watch: {} } });
if (!("on" in watcher)) throw new Error("Vite does not watch");
let restarted = Promise.resolve();
watcher.on("event", (event) => {
  if ("result" in event) event.result.close();
  if (event.code === "END") restarted = restarted.then(restart);
});

const to = { target: `http://localhost:${behind}` };
const page = await createServer({
  logLevel: "warn",
  server: {
    port,
    strictPort: true,
    proxy: {
      "/api": to,
      "/matchmake": to,
      // Rooms are at /process/room?sessionId=…
      "^/[\\w-]+/[\\w-]+\\?.*sessionId=": { ...to, ws: true },
    },
  },
});
await page.listen();
console.log(`DAgger Dojo, for development: http://localhost:${port}/`);

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, async () => {
    server?.kill();
    await Promise.all([watcher.close(), page.close()]);
    process.exit(0);
  });
}
