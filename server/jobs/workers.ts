import { availableParallelism } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import Piscina from "piscina";
import type { RateLimiterAbstract } from "rate-limiter-flexible";
import type { Steered } from "../../shared/lesson/events/shadowed.ts";
import { jsonOfAll, type Log } from "../../shared/lesson/log.ts";
import type { Race } from "../../shared/lesson/protocol.ts";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import type {
  InferenceResult,
  InferTask,
  Order,
  RaceTask,
  TrainingResult,
  TrainTask,
  Work,
} from "../../shared/lesson/service/work.ts";
import { count } from "../../shared/plural.ts";
import { policyKinds } from "../../shared/policies/index.ts";
import { type Counts, ownCounts } from "../door/counts.ts";
import type { Reports } from "../reports.ts";
import type { Limits } from "../settings.ts";
import { FairQueue } from "./queue.ts";

type JobKind = "train" | "infer" | "race" | "lag";

/** One for each core, but at least the three that {@link FairQueue} needs. */
const threads = Math.max(3, availableParallelism());
/** Work that takes longer than this is long, ms. */
const long = 1000;
/** Most heap memory of a thread, MB; typed arrays are not counted. */
const mostMemory = 1024;

/** Worker threads for everything that takes longer than a person notices. */
export class Workers implements Work {
  readonly #pool = new Piscina({
    // The worker's bundle is beside the server's.
    filename: join(import.meta.dirname, "worker.js"),
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: 60_000, // ms
    // With more, the thread fails and the process goes on.
    resourceLimits: { maxOldGenerationSizeMb: mostMemory },
  });
  readonly #queue = new FairQueue(threads);
  readonly #log: Log;
  readonly #limits: Limits;
  readonly #reports: Reports;
  /** Seconds of work in the current hour, by `Order.payer`. */
  readonly #spent: RateLimiterAbstract;

  constructor(log: Log, limits: Limits, reports: Reports, counts: Counts = ownCounts) {
    this.#log = log;
    this.#limits = limits;
    this.#reports = reports;
    // One that ends without a task would otherwise end the process.
    this.#pool.on("error", (error) => reports.failed("a worker thread", error));
    this.#spent = counts("work", limits.workAnHour, 3600);
  }

  /** Number of tasks that wait for a thread, and of those that run. */
  get load(): { readonly waiting: number; readonly busy: number } {
    return this.#queue;
  }

  train(task: TrainTask, pairs: number, order: Order): Promise<TrainingResult | Refusal> {
    const ms = (policyKinds[task.plan.policy]!.costAPair * pairs) / 1000;
    // Not a number, where nothing is learned by what takes for ever, is long too.
    return this.#within("train", !(ms <= long), task, order);
  }

  infer(task: InferTask, order: Order): Promise<InferenceResult | Refusal> {
    return this.#within("infer", true, task, order);
  }

  race(task: RaceTask, order: Order): Promise<Race | Refusal> {
    return this.#within("race", false, task, order);
  }

  lag(task: Steered, order: Order): Promise<number | Refusal> {
    return this.#within("lag", false, task, order);
  }

  /** Whether the threads work. */
  async alive(): Promise<boolean> {
    // A task that takes too long is ended with its thread, so busy threads are healthy.
    if (this.#queue.busy > 0) return true;
    return this.#run("ping", {}, null, () => {}).then(
      () => true,
      () => false,
    );
  }

  /** Ends the threads; unfinished work is dropped. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  /** Runs a task of a lesson in its turn, within the limits. */
  async #within<Result>(
    name: JobKind,
    long: boolean,
    task: object,
    order: Order,
  ): Promise<Result | Refusal> {
    const { lesson, address, payer, isWanted, tell = () => {}, signal } = order;
    const { work, workAnHour } = this.#limits;
    // A race, which spectators may ask for too, and a lag, which is quick, do not count.
    const counts = name === "train" || name === "infer";
    const spent = counts ? await this.#spent.get(payer) : null;
    if (spent && spent.consumedPoints >= workAnHour)
      return exhausted(spent.msBeforeNext, payer === lesson);
    const wait = (place: number) => tell({ share: 0, place });
    // The address comes first: anyone can create many lessons.
    const job = { owners: [address, lesson] as const, long, isWanted, wait };
    return this.#queue.run(
      job,
      async () => {
        const began = performance.now();
        const timeout = AbortSignal.timeout(1000 * work);
        const stopped = signal ? AbortSignal.any([signal, timeout]) : timeout;
        const progress = (share: number) => tell({ share });
        progress(0);
        this.#reports.workStarted(lesson, name);
        const end = async (outcome: "done" | "stopped" | "failed") => {
          const ms = performance.now() - began;
          this.#reports.workEnded(lesson, name, outcome, ms);
          if (counts) await this.#spent.penalty(payer, Math.ceil(ms / 1000));
        };
        try {
          const about = counts ? order : null;
          const result = await this.#run<Result>(name, task, about, progress, stopped);
          await end("done");
          return result;
        } catch (error) {
          await end(stopped.aborted ? "stopped" : "failed");
          if (timeout.aborted) return tooLong(work);
          throw error;
        }
      },
      signal,
    );
  }

  /** @param about whose lesson the task gets; null where it needs none */
  async #run<Result>(
    name: string,
    task: object,
    about: Order | null,
    progress: (share: number) => void,
    signal: AbortSignal | null = null,
  ): Promise<Result> {
    const { port1, port2 } = new MessageChannel();
    port1.on("message", progress);
    const withPort = { ...task, port: port2 };
    const done: Promise<Result> = this.#pool.run(withPort, {
      name,
      transferList: [port2],
      signal,
    });
    done.catch(() => {});
    try {
      if (about) {
        for await (const { rows, last } of this.#log.stretches(about.lesson, 0, about.spend)) {
          if (signal?.aborted) break;
          port1.postMessage(jsonOfAll(rows, last));
        }
        port1.postMessage(null);
      }
      return await done;
    } finally {
      port1.close();
    }
  }
}

function tooLong(seconds: number): Refusal {
  const reason = `This took more than ${count(seconds, "second")} and was broken off; the lesson is as it was.`;
  return { code: "too-long", reason };
}

function exhausted(ms: number, isLessons: boolean): Refusal {
  const minutes = Math.ceil(ms / 60_000);
  const whose = isLessons ? "This lesson" : "Your address";
  const reason = `${whose} has had its training time for this hour; go on in ${minutes} min.`;
  return { code: "spent", reason };
}
