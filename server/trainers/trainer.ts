import { type Job, UnrecoverableError, WaitingError, Worker } from "bullmq";
import { Redis } from "ioredis";
import type { Log } from "../../shared/lesson/log.ts";
import { isRefusal, type Refusal } from "../../shared/lesson/refusal.ts";
import { tooLong } from "../jobs/hours.ts";
import { Threads } from "../jobs/threads.ts";
import type { Logger } from "../logger.ts";
import {
  type Ended,
  type JobData,
  keptJobs,
  keptResult,
  queuesOf,
  resultAt,
  stops,
  versionOf,
} from "./jobs.ts";

/** Time after which a job of a trainer that has ended is taken by another, ms, twice at most. */
const lock = 5000;
/** How often a job's progress is told, ms. */
const progressInterval = 200;

export interface TrainerSettings {
  readonly redis: string;
  readonly log: Log;
  /** The built worker. */
  readonly file: string;
  /** Jobs at a time; at least 2. */
  readonly threads: number;
  readonly logger: Logger;
}

/** Takes trainings and inferences from the queue and does them in threads, until it is closed. */
export class Trainer {
  readonly #threads: Threads;
  readonly #logger: Logger;
  readonly #redis: Redis;
  readonly #ear: Redis;
  readonly #workers: readonly Worker<JobData, Ended>[];
  readonly #running = new Map<string, AbortController>();
  readonly #leaving = new AbortController();

  private constructor({ redis, log, file, threads, logger }: TrainerSettings) {
    this.#logger = logger;
    const failed = (error: unknown) => logger.error({ err: error }, "failed");
    this.#threads = new Threads(file, threads, log, failed);
    // A trainer waits for Redis for as long as it takes.
    this.#redis = new Redis(redis, { maxRetriesPerRequest: null });
    this.#ear = this.#redis.duplicate();
    for (const connection of [this.#redis, this.#ear])
      connection.on("error", ({ message }) => logger.warn({ why: message }, "Redis"));
    this.#ear.on("message", (_topic, id: string) => this.#running.get(id)?.abort());
    const queues = queuesOf(versionOf(file));
    this.#workers = [[queues.long, threads - 1] as const, [queues.short, threads] as const].map(
      ([queue, concurrency]) => {
        const worker = new Worker<JobData, Ended>(queue, (job, token) => this.#do(job, token), {
          connection: this.#redis,
          concurrency,
          lockDuration: lock,
          stalledInterval: lock,
          // A job that ends its trainer each time is not passed on for ever.
          maxStalledCount: 3,
          removeOnComplete: keptJobs,
          removeOnFail: keptJobs,
        });
        worker.on("error", ({ message }) => logger.warn({ why: message }, "queue"));
        return worker;
      },
    );
  }

  static async start(settings: TrainerSettings): Promise<Trainer> {
    const trainer = new Trainer(settings);
    await trainer.#ear.subscribe(stops);
    await Promise.all(trainer.#workers.map((worker) => worker.waitUntilReady()));
    return trainer;
  }

  /** Gives back what it has begun, for other trainers to begin again at once. */
  async close(): Promise<void> {
    // First none of them takes anything any more.
    const closed = this.#workers.map((worker) => worker.close());
    this.#leaving.abort();
    await Promise.all(closed);
    this.#ear.disconnect();
    this.#redis.disconnect();
    await this.#threads.close();
  }

  async #do(job: Job<JobData, Ended>, token?: string): Promise<Ended> {
    const id = job.id!;
    const { name, lesson, task, most } = job.data;
    const began = performance.now();
    const stop = new AbortController();
    const timeout = AbortSignal.timeout(1000 * most);
    this.#running.set(id, stop);
    let told = began;
    const progress = (share: number) => {
      if (performance.now() - told < progressInterval) return;
      told = performance.now();
      job.updateProgress(share).catch(() => {});
    };
    this.#logger.info({ lesson, kind: name }, "work started");
    const end = (refusal: Refusal | null, outcome: string): Ended => {
      const ms = performance.now() - began;
      this.#logger.info({ lesson, kind: name, outcome, ms: Math.round(ms) }, "work ended");
      return { ms, refusal };
    };
    try {
      const signal = AbortSignal.any([stop.signal, timeout, this.#leaving.signal]);
      const about = { lessons: [lesson], spend: () => {} };
      const result = await this.#threads.run<object>(name, task, about, progress, signal);
      if (isRefusal(result)) return end(result, "refused");
      await this.#redis.set(resultAt(id), JSON.stringify(result), ...keptResult);
      return end(null, "done");
    } catch (error) {
      if (timeout.aborted) return end(tooLong(most), "stopped");
      if (this.#leaving.signal.aborted && !stop.signal.aborted) {
        end(null, "given back");
        await job.moveToWait(token);
        throw new WaitingError();
      }
      end(null, stop.signal.aborted ? "stopped" : "failed");
      if (stop.signal.aborted) throw new UnrecoverableError("stopped");
      this.#logger.error({ lesson, err: error }, "failed");
      throw error;
    } finally {
      this.#running.delete(id);
    }
  }
}
