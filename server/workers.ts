import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import Piscina from "piscina";
import type { Infer, Inferred, Train, Trained } from "./worker.ts";

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

  /** @throws Error where the work could not be done */
  train(task: Train, progress: Progress): Promise<Trained> {
    return this.#run("train", task, progress);
  }

  /** @throws Error where the work could not be done */
  infer(task: Infer, progress: Progress): Promise<Inferred> {
    return this.#run("infer", task, progress);
  }

  /** Ends the threads; work under way is thrown away. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #run(name: string, task: object, progress: Progress) {
    const { port1, port2 } = new MessageChannel();
    port1.on("message", progress);
    try {
      return await this.#pool.run({ ...task, port: port2 }, { name, transferList: [port2] });
    } finally {
      port1.close();
    }
  }
}
