import { availableParallelism } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import Piscina from "piscina";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { policyKinds } from "../shared/policies/index.ts";
import type { Race, Refusal } from "../shared/protocol.ts";
import { FairQueue } from "./queue.ts";
import type { Reports } from "./reports.ts";
import type { Limits } from "./settings.ts";
import type { Infer, Inferred, Racing, Train, Trained } from "./worker.ts";

/** How far work has come. */
export interface Stage {
  /** Share done, in [0, 1]. */
  readonly share: number;
  /** Its place among those that wait for a thread, 1 for next; none once it has one. */
  readonly place?: number;
}

/** For whom the work is, who is told how it goes, and what breaks it off. */
export interface Order {
  readonly lesson: string;
  /** Of whoever asked for it. */
  readonly address: string;
  readonly tell?: (stage: Stage) => void;
  readonly signal?: AbortSignal;
}

type Kind = "train" | "infer" | "race";

/** One for each core, and never less than the two that let short work pass by long work. */
const threads = Math.max(2, availableParallelism());

/** Worker threads for everything that takes longer than a person notices. */
export class Workers {
  readonly #pool = new Piscina({
    // The bundles of the server and of its worker lie side by side.
    filename: join(import.meta.dirname, "worker.js"),
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: 60_000, // ms
  });
  readonly #queue = new FairQueue(threads);
  readonly #limits: Limits;
  readonly #reports: Reports;
  /** Seconds that each lesson has had in the hour. */
  readonly #spent: RateLimiterMemory;

  constructor(limits: Limits, reports: Reports) {
    this.#limits = limits;
    this.#reports = reports;
    this.#spent = new RateLimiterMemory({ points: limits.workAnHour, duration: 3600 });
  }

  /** Work that waits for a thread, and work that has one. */
  get load(): { readonly waiting: number; readonly busy: number } {
    return this.#queue;
  }

  /** @throws Error where the work could not be done, or the order's signal broke it off */
  train(task: Train, order: Order): Promise<Trained | Refusal> {
    const long = !policyKinds[task.plan.policy]!.learnsAtOnce;
    return this.#within("train", long, task, order);
  }

  /** @throws Error where the work could not be done, or the order's signal broke it off */
  infer(task: Infer, order: Order): Promise<Inferred | Refusal> {
    return this.#within("infer", true, task, order);
  }

  /** @throws Error where the work could not be done */
  race(task: Racing, order: Order): Promise<Race | Refusal> {
    return this.#within("race", false, task, order);
  }

  /** Whether there are threads that do what they are given. */
  async alive(): Promise<boolean> {
    // Work that takes too long is ended with its thread, so threads that are busy are well.
    if (this.#queue.busy > 0) return true;
    return this.#run("ping", {}, () => {}).then(
      () => true,
      () => false,
    );
  }

  /** Ends the threads; work under way is thrown away. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  /** Does a lesson's work in its turn and within its bounds. */
  async #within<Result>(
    name: Kind,
    long: boolean,
    task: object,
    order: Order,
  ): Promise<Result | Refusal> {
    const { lesson, address, tell = () => {}, signal } = order;
    const { work, workAnHour } = this.#limits;
    const spent = await this.#spent.get(lesson);
    // Whoever looks on may race as well, at nobody's expense.
    if (name !== "race" && spent && spent.consumedPoints >= workAnHour)
      return exhausted(spent.msBeforeNext);
    const wait = (place: number) => tell({ share: 0, place });
    // Lessons are free, and addresses are not.
    const job = { owners: [address, lesson], long, wait };
    return this.#queue.run(
      job,
      async () => {
        const began = performance.now();
        const late = AbortSignal.timeout(1000 * work);
        const either = signal ? AbortSignal.any([signal, late]) : late;
        const progress = (share: number) => tell({ share });
        progress(0);
        this.#reports.workStarted(lesson, name);
        const end = async (outcome: "done" | "stopped" | "failed") => {
          const ms = performance.now() - began;
          this.#reports.workEnded(lesson, name, outcome, ms);
          if (name !== "race") await this.#spent.penalty(lesson, Math.ceil(ms / 1000));
        };
        try {
          const result = await this.#run<Result>(name, task, progress, either);
          await end("done");
          return result;
        } catch (error) {
          await end(either.aborted ? "stopped" : "failed");
          if (late.aborted) return tooLong(work);
          throw error;
        }
      },
      signal,
    );
  }

  async #run<Result>(
    name: string,
    task: object,
    progress: (share: number) => void,
    signal: AbortSignal | null = null,
  ): Promise<Result> {
    const { port1, port2 } = new MessageChannel();
    port1.on("message", progress);
    const withPort = { ...task, port: port2 };
    try {
      return await this.#pool.run(withPort, { name, transferList: [port2], signal });
    } finally {
      port1.close();
    }
  }
}

function tooLong(seconds: number): Refusal {
  const reason = `This took more than ${seconds} seconds and was broken off; the lesson is as it was.`;
  return { code: "too-long", reason };
}

function exhausted(ms: number): Refusal {
  const minutes = Math.ceil(ms / 60_000);
  const reason = `This lesson has had its training time for this hour; go on in ${minutes} min.`;
  return { code: "spent", reason };
}
