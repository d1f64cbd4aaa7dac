import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { prepare } from "./build.mjs";
import { requireNode } from "./install.mjs";

// Installs, builds, and keeps the server running: it is a process of its own, which is started again
// when it falls over. It ends with this one, whose channel to it then closes.

/** How long a server that falls over is waited for, ms: twice as long each time, up to the longest. */
const shortest = 1000;
const longest = 30_000;
/** A server that ran for this long fell over for a reason of its own, ms. */
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
    // One that never was ready has said why, and would say it again.
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

// Told to end, npm tells the shell between itself and this process, which ends and tells nobody.
setInterval(() => {
  if (process.ppid !== ppid && !ending) end("SIGTERM");
}, 500).unref();
