import { MessageChannel } from "node:worker_threads";
import Piscina from "piscina";
import { jsonOfAll, type Log } from "../../shared/lesson/log.ts";
import type { Order } from "../../shared/lesson/service/work.ts";

/** Most heap memory of a thread, MB; typed arrays are not counted. */
const mostMemory = 1024;

/** Which lessons a task gets, and who pays for reading them. */
export interface About extends Pick<Order, "spend"> {
  readonly lessons: readonly string[];
}

/** Worker threads that do the tasks of `worker.ts`. */
export class Threads {
  readonly #pool: Piscina;
  readonly #log: Log;

  /**
   * @param file the built worker
   * @param most threads at a time
   * @param failed told of a thread that ended without a task
   */
  constructor(file: string, most: number, log: Log, failed: (error: unknown) => void) {
    this.#log = log;
    this.#pool = new Piscina({
      filename: file,
      minThreads: 1,
      maxThreads: most,
      idleTimeout: 60_000, // ms
      // With more, the thread fails and the process goes on.
      resourceLimits: { maxOldGenerationSizeMb: mostMemory },
    });
    // It would otherwise end the process.
    this.#pool.on("error", failed);
  }

  /**
   * Does a task.
   * @param about null where it needs no lessons
   * @param progress told the share that is done, in [0, 1]
   */
  async run<Result>(
    name: string,
    task: object,
    about: About | null,
    progress: (share: number) => void = () => {},
    signal: AbortSignal | null = null,
  ): Promise<Result> {
    const { port1, port2 } = new MessageChannel();
    let isOver = false;
    let goOn = () => {};
    port1.on("message", (said: number | null) => (said === null ? goOn() : progress(said)));
    const withPort = { ...task, port: port2 };
    const done: Promise<Result> = this.#pool.run(withPort, {
      name,
      transferList: [port2],
      signal,
    });
    const over = () => {
      isOver = true;
      goOn();
    };
    done.then(over, over);
    signal?.addEventListener("abort", over, { once: true });
    try {
      for (const lesson of about?.lessons ?? []) {
        // The next is asked for once there is room for it.
        const asked = new Promise<void>((resolve) => {
          goOn = resolve;
        });
        if (isOver || signal?.aborted) break;
        for await (const { rows, last } of this.#log.stretches(lesson, 0, about!.spend)) {
          if (isOver) break;
          port1.postMessage(jsonOfAll(rows, last));
        }
        if (isOver) break;
        port1.postMessage(null);
        await asked;
      }
      return await done;
    } finally {
      signal?.removeEventListener("abort", over);
      port1.close();
    }
  }

  /** Ends the threads; unfinished work is dropped. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
