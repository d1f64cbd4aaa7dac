import { join } from "node:path";
import build from "./build.mjs";
import { install, requireNode } from "./install.mjs";

process.chdir(join(import.meta.dirname, ".."));
requireNode();
install();
build();
await import("../dist/server/index.js");

// Told to end, npm tells the shell between itself and this process, which ends and tells nobody.
const { ppid } = process;
setInterval(() => {
  if (process.ppid !== ppid) process.kill(process.pid, "SIGTERM");
}, 500).unref();
