import { write } from "node:fs";
import { workerData } from "node:worker_threads";
import type { WatchdogData } from "./watchdog.ts";

const { beats, beat, most } = workerData as WatchdogData;

let seen = 0;
// Counted in checks, not seconds: a machine that slept has neither checked nor beaten.
let still = 0;
const looking = setInterval(() => {
  const now = Atomics.load(beats, 0);
  still = now === seen ? still + 1 : 0;
  seen = now;
  if (still < most) return;
  clearInterval(looking);
  // Not awaited: standard error may have no reader.
  const words = `The server has stood still for ${(still * beat) / 1000} s, and is ended.\n`;
  write(2, words, () => {});
  setTimeout(() => process.kill(process.pid, "SIGKILL"), beat);
}, beat);
