import { setTimeout as pause } from "node:timers/promises";
import { Queue, QueueEvents } from "bullmq";
import { Redis } from "ioredis";
import type { RateLimiterAbstract } from "rate-limiter-flexible";
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
import type { Counts } from "../door/counts.ts";
import { Hours } from "../jobs/hours.ts";
import { costOf, isLong } from "../jobs/workers.ts";
import type { Reports } from "../reports.ts";
import type { Limits } from "../settings.ts";
import { connectTo } from "../together/redis.ts";
import {
  type Ended,
  endedSchema,
  idOf,
  type JobData,
  keptJobs,
  queuesOf,
  readResult,
  resultAt,
  stops,
  versionOf,
} from "./jobs.ts";

/** How often a job that is waited for is looked at, ms: what was missed is seen then. */
const interval = 1000;
/** What an inference is counted as before it is known how long it took, ms. */
const inferenceCost = 10_000;
/** Seconds after which what an address had of the trainers no longer counts against it. */
const memory = 60;
/** The last place in the queue, beyond which all are equal until it has been empty, and what one place is, ms. */
const lastPriority = 2 ** 21 - 1;
const aPlace = 100;

/** A job that somebody here waits for. */
interface Waiting {
  readonly tell: (share: number) => void;
  readonly look: () => void;
}

/**
 * Trainings and inferences by trainers, in processes of their own, which take them from a queue in Redis. The
 * next is of the address that had least lately. Races and lags, which are quick, are done here.
 */
export class RemoteWork implements Work {
  readonly #here: Work;
  readonly #limits: Limits;
  readonly #reports: Reports;
  readonly #hours: Hours;
  /** Milliseconds of work by address. */
  readonly #used: RateLimiterAbstract;
  readonly #redis: Redis;
  readonly #version: string;
  readonly #queues: { readonly long: Queue<JobData, Ended>; readonly short: Queue<JobData, Ended> };
  /** How many workers a queue has, as last asked, by `performance.now()`. */
  readonly #workers = new Map<string, { readonly at: number; readonly count: Promise<number> }>();
  readonly #events: readonly QueueEvents[];
  readonly #waiting = new Map<string, Set<Waiting>>();

  private constructor(
    redis: Redis,
    url: string,
    file: string,
    here: Work,
    limits: Limits,
    reports: Reports,
    counts: Counts,
  ) {
    this.#here = here;
    this.#limits = limits;
    this.#reports = reports;
    this.#hours = new Hours(limits.workAnHour, counts);
    this.#used = counts("trainers", Number.MAX_SAFE_INTEGER, memory);
    this.#redis = redis;
    this.#version = versionOf(file);
    const queues = queuesOf(this.#version);
    const queue = (name: string) => {
      const made = new Queue<JobData, Ended>(name, {
        connection: this.#redis,
        skipWaitingForReady: true,
      });
      made.on("error", () => {});
      return made;
    };
    this.#queues = { long: queue(queues.long), short: queue(queues.short) };
    this.#events = Object.values(queues).map((name) => {
      const ear = new Redis(url, { maxRetriesPerRequest: null });
      ear.on("error", () => {});
      const events = new QueueEvents(name, { connection: ear });
      events.on("error", () => {});
      events.on("progress", ({ jobId, data }) => {
        for (const one of this.#waiting.get(jobId) ?? []) one.tell(data as number);
      });
      for (const happening of ["active", "completed", "failed", "stalled"] as const)
        events.on(happening, ({ jobId }: { jobId: string }) => {
          for (const one of this.#waiting.get(jobId) ?? []) one.look();
        });
      return events;
    });
  }

  /**
   * @param file the built worker, which trainers have, too
   * @param here does what trainers do not
   * @throws Error in words for whoever runs the server
   */
  static async at(
    url: string,
    ...parts: readonly [file: string, here: Work, limits: Limits, reports: Reports, counts: Counts]
  ): Promise<RemoteWork> {
    // Where it is not there yet, a queue never begins.
    return new RemoteWork(await connectTo(url), url, ...parts);
  }

  /** Number of jobs that somebody here waits for. */
  get waiting(): number {
    return this.#waiting.size;
  }

  train(task: TrainTask, pairs: number, order: Order): Promise<TrainingResult | Refusal> {
    return this.#order("train", task, costOf(task, pairs), order);
  }

  infer(task: InferTask, order: Order): Promise<InferenceResult | Refusal> {
    return this.#order("infer", task, inferenceCost, order);
  }

  race(task: RaceTask, order: Order) {
    return this.#here.race(task, order);
  }

  lag(...asked: Parameters<Work["lag"]>) {
    return this.#here.lag(...asked);
  }

  /** Leaves the queue; trainers go on, and whoever asks again gets what they come to. */
  async close(): Promise<void> {
    this.#redis.disconnect();
    await Promise.allSettled(this.#events.map((events) => events.close()));
  }

  /** @param cost about how long it takes, ms */
  async #order<Result>(
    name: JobData["name"],
    task: JobData["task"],
    cost: number,
    order: Order,
  ): Promise<Result | Refusal> {
    const refusal = await this.#hours.refuse(order);
    if (refusal) return refusal;
    const { lesson, address, tell = () => {}, signal } = order;
    const data: JobData = { name, lesson, task, most: this.#limits.work };
    const id = idOf(this.#version, data);
    const queue = this.#queues[isLong(cost) ? "long" : "short"];
    const priority = await this.#priorityOf(queue, address, cost);
    let wake = () => {};
    let since: number | null = null;
    const isActive = (share: number) => {
      since ??= performance.now();
      tell({ share });
    };
    const me: Waiting = { tell: isActive, look: () => wake() };
    this.#waiting.set(id, (this.#waiting.get(id) ?? new Set()).add(me));
    const stop = () => wake();
    signal?.addEventListener("abort", stop);
    this.#reports.workStarted(lesson, name);
    const began = performance.now();
    let outcome: "done" | "stopped" | "failed" = "failed";
    try {
      for (;;) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (signal?.aborted) {
          outcome = "stopped";
          await this.#stop(queue, id);
          throw signal.reason;
        }
        const ended = await this.#look(queue, id, data, priority, isActive, tell).catch((error) => {
          if (error instanceof Failed) throw error;
          // Redis is gone; the job may be, too, and is then asked for again.
          return null;
        });
        if (ended) {
          since = null;
          await this.#hours.spend(order, ended.ms);
          outcome = ended.refusal ? "stopped" : "done";
          if (ended.refusal) return ended.refusal;
          return ended.result as Result;
        }
        await Promise.race([woken, pause(interval)]);
      }
    } finally {
      signal?.removeEventListener("abort", stop);
      const others = this.#waiting.get(id)!;
      others.delete(me);
      if (others.size === 0) this.#waiting.delete(id);
      // Of what was stopped, or could not be done, nobody else says how long it took.
      if (since !== null) await this.#hours.spend(order, performance.now() - since);
      this.#reports.workEnded(lesson, name, outcome, performance.now() - began);
    }
  }

  /** How a job ended; null while it has not, and whoever waits is told how it stands. */
  async #look(
    queue: Queue<JobData, Ended>,
    id: string,
    data: JobData,
    priority: number,
    isActive: (share: number) => void,
    tell: NonNullable<Order["tell"]>,
  ): Promise<(Ended & { readonly result: unknown }) | null> {
    for (let attempt = 1; attempt <= 3; attempt++) {
      const state = await queue.getJobState(id);
      // Not before its state: what has ended stays as it is, what is under way may end meanwhile.
      const job = state === "unknown" ? undefined : await queue.getJob(id);
      if (job && state === "completed") {
        const ended = endedSchema.safeParse(job.returnvalue);
        const { ms, refusal } = ended.success
          ? (job.returnvalue as Ended)
          : { ms: 0, refusal: null };
        const json = refusal || !ended.success ? null : await this.#redis.get(resultAt(id));
        const result = json === null ? null : readResult(data.name, json);
        if (result) return { ms, refusal, result };
        // What was refused, is kept no longer, or is not what was asked for, is done again for whoever asks again.
        await job.remove();
        if (refusal) return { ms, refusal, result };
      } else if (job && state === "failed") {
        await job.remove();
        // Somebody stopped it for somebody else, or a trainer could not do it.
        if (job.failedReason !== "stopped") throw new Failed(job.failedReason);
      } else if (job && state === "active") {
        isActive(typeof job.progress === "number" ? job.progress : 0);
        return null;
      } else if (job) {
        const [before, workers] = await Promise.all([
          this.#redis.zrank(queue.toKey("prioritized"), id),
          this.#workersOf(queue),
        ]);
        tell({ share: 0, place: 1 + (before ?? 0), ...(workers === 0 && { nobody: true }) });
        return null;
      } else if (attempt > 1) {
        // It is in no queue, and what is left of it keeps it out.
        await queue.remove(id);
      }
      await queue.add(data.name, data, {
        jobId: id,
        priority,
        removeOnComplete: keptJobs,
        removeOnFail: keptJobs,
      });
    }
    return null;
  }

  /** Number of workers that take jobs from a queue. Redis lists all its clients for that, so once a second at most. */
  #workersOf(queue: Queue<JobData, Ended>): Promise<number> {
    const now = performance.now();
    const last = this.#workers.get(queue.name);
    if (last && now - last.at < interval) return last.count;
    const count = queue.getWorkersCount();
    this.#workers.set(queue.name, { at: now, count });
    return count;
  }

  async #stop(queue: Queue<JobData, Ended>, id: string): Promise<void> {
    if ((this.#waiting.get(id)?.size ?? 0) > 1) return;
    try {
      const job = await queue.getJob(id);
      if ((await job?.getState()) === "active") await this.#redis.publish(stops, id);
      else await job?.remove();
    } catch {
      // Without Redis nothing of it is known; a trainer does it in vain.
    }
  }

  /**
   * A job's place: what its address had and asked for lately, from the place on that is being served. So who had
   * less comes first, and whoever comes once that much was done for others comes later.
   */
  async #priorityOf(queue: Queue<JobData, Ended>, address: string, cost: number): Promise<number> {
    const ms = Number.isFinite(cost) ? Math.max(1, Math.ceil(cost)) : inferenceCost;
    const { consumedPoints } = await this.#used.penalty(address, ms);
    const served = await queue.getActive().catch(() => []);
    const from = Math.max(0, ...served.map(({ priority }) => priority));
    return Math.min(lastPriority, from + Math.ceil(consumedPoints / aPlace));
  }
}

/** What a trainer could not do. */
class Failed extends Error {}
