import { write } from "node:fs";
import { workerData } from "node:worker_threads";
import type { Watched } from "./watchdog.ts";

const { beats, beat, most } = workerData as Watched;

let seen = 0;
// Looks, not seconds: a machine that slept has looked as seldom as it has beaten.
let still = 0;
const looking = setInterval(() => {
  const now = Atomics.load(beats, 0);
  still = now === seen ? still + 1 : 0;
  seen = now;
  if (still < most) return;
  clearInterval(looking);
  // Whoever reads this may be gone, or not be reading: that is no reason to wait.
  const words = `The server has stood still for ${(still * beat) / 1000} s, and is ended.\n`;
  write(2, words, () => {});
  setTimeout(() => process.kill(process.pid, "SIGKILL"), beat);
}, beat);
