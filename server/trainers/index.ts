import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { createLogger } from "../logger.ts";
import { BadSetting, readTrainerSettings } from "../settings.ts";
import { openLog } from "../storage/place.ts";
import { connectTo } from "../together/redis.ts";
import { Trainer } from "./trainer.ts";

/** A trainer: `npm run trainer`, on any machine that reaches the same Redis and the same lessons. */

const { place, redis, logLevel } = settingsOrExit();
const logger = createLogger(logLevel);
await connectTo(redis).then(
  (connection) => connection.disconnect(),
  ({ message }: Error) =>
    exitWith(`Cannot use the Redis at ${new URL(redis).host} (REDIS_URL): ${message}.`),
);
const at = place.kind === "sqlite" ? { ...place, folder: resolve(place.folder) } : place;
const log = await openLog(at).catch(({ message }: Error) =>
  exitWith(`Cannot read the lessons: ${message}.`),
);
const threads = Math.max(2, availableParallelism());
const file = join(import.meta.dirname, "worker.js");
const trainer = await Trainer.start({ redis, log, file, threads, logger });
console.log(`A trainer is ready, with ${threads} threads.`);

let isEnding = false;
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.on(signal, () => {
    if (isEnding) return;
    isEnding = true;
    // What it could not give back is begun again elsewhere, too, a few seconds later.
    setTimeout(() => process.exit(0), 2000);
    void trainer
      .close()
      .then(() => log.close())
      .finally(() => process.exit(0));
  });
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));

function settingsOrExit() {
  try {
    return readTrainerSettings(process.env);
  } catch (error) {
    if (error instanceof BadSetting) exitWith(error.message);
    throw error;
  }
}

function exitWith(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
