import type { Server as HttpServer } from "node:http";
import type { Server as Colyseus } from "colyseus";
import type { LessonFiles } from "./http/lessonFiles.ts";
import type { Workers } from "./jobs/workers.ts";
import type { Logger } from "./logger.ts";
import type { SqlLog } from "./storage/sqlLog.ts";

export interface StoppableServer {
  readonly http: HttpServer;
  readonly colyseus: Pick<Colyseus, "gracefullyShutdown">;
  readonly together: { close(): void } | null;
  readonly workers: Pick<Workers, "close">;
  readonly trainers: { close(): Promise<void> } | null;
  readonly lessonFiles: Pick<LessonFiles, "close">;
  readonly log: SqlLog;
  readonly logger: Logger;
}

/** Time after which the process ends even if stopping is not done, ms. What was acknowledged is on disk. */
const patience = 4500;

/** Ends the process on these signals, and on an uncaught error. */
export function endOn(signals: readonly NodeJS.Signals[], running: StoppableServer): void {
  const { logger } = running;
  let ending = false;
  const end = (why: string, code: number) => {
    // A signal comes twice where npm and the terminal both send it.
    if (ending) return;
    ending = true;
    logger.info({ why }, "stopping");
    setTimeout(() => {
      logger.error({ why }, "did not stop in time, and is stopped");
      process.exit(1);
    }, patience);
    const stopped = stop(running).catch((error) => {
      logger.error({ err: error }, "stopping failed");
      return 1;
    });
    void stopped.then((failed) => {
      logger.info("stopped");
      process.exit(code || failed);
    });
  };
  for (const signal of signals) process.on(signal, () => end(signal, 0));
  process.on("uncaughtException", (error) => {
    logger.error({ err: error }, "an error was caught by nobody");
    end("error", 1);
  });
}

async function stop({
  http,
  colyseus,
  together,
  workers,
  trainers,
  lessonFiles,
  log,
}: StoppableServer): Promise<number> {
  http.close();
  // Clients are told, and not waited for.
  await colyseus.gracefullyShutdown(false);
  together?.close();
  await Promise.all([workers.close(), trainers?.close(), lessonFiles.close()]);
  await log.close();
  return 0;
}
