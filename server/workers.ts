import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import Piscina from "piscina";
import type { Race } from "../shared/protocol.ts";
import type { Infer, Inferred, Racing, Train, Trained } from "./worker.ts";

/** Told the share of the work done, in [0, 1]. */
type Progress = (share: number) => void;

/** Worker threads for everything that takes longer than a person notices. */
export class Workers {
  readonly #pool = new Piscina({
    // The bundles of the server and of its worker lie side by side.
    filename: join(import.meta.dirname, "worker.js"),
    minThreads: 1,
    idleTimeout: 60_000, // ms
  });

  /** @throws Error where the work could not be done, or `signal` broke it off */
  train(task: Train, progress: Progress, signal?: AbortSignal): Promise<Trained> {
    return this.#run("train", task, progress, signal);
  }

  /** @throws Error where the work could not be done, or `signal` broke it off */
  infer(task: Infer, progress: Progress, signal?: AbortSignal): Promise<Inferred> {
    return this.#run("infer", task, progress, signal);
  }

  /** @throws Error where the work could not be done */
  race(task: Racing): Promise<Race> {
    return this.#run("race", task, () => {});
  }

  /** Ends the threads; work under way is thrown away. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #run(name: string, task: object, progress: Progress, signal: AbortSignal | null = null) {
    const { port1, port2 } = new MessageChannel();
    port1.on("message", progress);
    try {
      return await this.#pool.run(
        { ...task, port: port2 },
        {
          name,
          transferList: [port2],
          signal,
        },
      );
    } finally {
      port1.close();
    }
  }
}
