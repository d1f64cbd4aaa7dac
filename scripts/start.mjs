import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { prepare } from "./build.mjs";
import { requireNode } from "./install.mjs";

// Installs, builds, and keeps the server running: a child process that is restarted when it crashes. When
// this process ends, the channel between them closes, and the server ends too.

/** Pause before a crashed server is restarted, ms: doubled each time, up to the longest. */
const shortest = 1000;
const longest = 30_000;
/** After a run of at least this length, the next pause is the shortest again, ms. */
const steady = 60_000;

const { ppid } = process;
process.chdir(join(import.meta.dirname, ".."));
requireNode();
prepare();

/** @type {import("node:child_process").ChildProcess} */
let server;
/**
 * The port of the first server that was ready; one that is started again takes it too, so that pages
 * find it.
 * @type {number | null}
 */
let port = null;
let pause = shortest;
/** @type {NodeJS.Timeout | null} */
let timer = null;
let ending = false;

start();

function start() {
  timer = null;
  const began = performance.now();
  server = spawn(process.execPath, ["dist/server/index.js"], {
    env: { ...process.env, ...(port !== null && { PORT: `${port}` }) },
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  server.once("message", (message) => {
    ({ port } = /** @type {{ port: number }} */ (message));
  });
  server.once("exit", (code, signal) => {
    // A server that was never ready has printed why, and would fail again.
    const fell = signal !== null || (code !== 0 && port !== null);
    if (ending || !fell) process.exit(signal === null ? code : 128 + constants.signals[signal]);
    if (performance.now() - began > steady) pause = shortest;
    const how = signal ?? `code ${code}`;
    console.error(`The server has ended (${how}) and is started again in ${pause / 1000} s.`);
    timer = setTimeout(start, pause);
    pause = Math.min(2 * pause, longest);
  });
}

/** @param {NodeJS.Signals} signal */
function end(signal) {
  ending = true;
  if (timer !== null) process.exit(0);
  server.kill(signal);
}

process.on("SIGTERM", end);
process.on("SIGINT", end);

// npm passes a signal only to the shell between it and this process, which ends without passing it on.
setInterval(() => {
  if (process.ppid !== ppid && !ending) end("SIGTERM");
}, 500).unref();
