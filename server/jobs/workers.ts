import { availableParallelism } from "node:os";
import type { ComparedDrives, CompareTask } from "../../shared/class/compare.ts";
import type { DriveTask } from "../../shared/class/drive.ts";
import type { NoisePairs } from "../../shared/class/noise.ts";
import type { Trace } from "../../shared/class/trace.ts";
import type { Steered } from "../../shared/lesson/events/shadowed.ts";
import type { Log } from "../../shared/lesson/log.ts";
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
import { learners } from "../../shared/policies/index.ts";
import { type Counts, ownCounts } from "../door/counts.ts";
import type { JobKind, Reports } from "../reports.ts";
import type { Limits } from "../settings.ts";
import { Hours, tooLong } from "./hours.ts";
import { FairQueue } from "./queue.ts";
import { Threads } from "./threads.ts";

/** One for each core, but at least the three that {@link FairQueue} needs. */
const threads = Math.max(3, availableParallelism());
/** Work that takes longer than this is long, ms. */
const long = 1000;

/** About how long a training takes, ms; not a number where nothing is learned by what takes for ever. */
export function costOf({ plan }: TrainTask, pairs: number): number {
  return (learners[plan.policy]!.costAPair * pairs) / 1000;
}

/** Whether work of so many milliseconds has to leave room for shorter work. */
export function isLong(ms: number): boolean {
  return !(ms <= long);
}

/** Worker threads for everything that takes longer than a person notices. */
export class Workers implements Work {
  readonly #threads: Threads;
  readonly #queue = new FairQueue(threads);
  readonly #limits: Limits;
  readonly #reports: Reports;
  readonly #hours: Hours;

  /** @param file the built worker */
  constructor(
    file: string,
    log: Log,
    limits: Limits,
    reports: Reports,
    counts: Counts = ownCounts,
  ) {
    this.#limits = limits;
    this.#reports = reports;
    this.#threads = new Threads(file, threads, log, (error) =>
      reports.failed("a worker thread", error),
    );
    this.#hours = new Hours(limits.workAnHour, counts);
  }

  /** Number of tasks that wait for a thread, and of those that run. */
  get load(): { readonly waiting: number; readonly busy: number } {
    return this.#queue;
  }

  train(task: TrainTask, pairs: number, order: Order): Promise<TrainingResult | Refusal> {
    return this.#within("train", isLong(costOf(task, pairs)), task, order);
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

  /** All pairs of a lesson up to event `basis`, as JSON, for a program outside that learns from them. */
  pairs(task: { readonly basis: number }, order: Order): Promise<string | Refusal> {
    return this.#within("pairs", false, task, order);
  }

  /** One drive of a learner, for a class to look at. */
  drive(task: DriveTask, order: Order): Promise<Trace | Refusal> {
    return this.#within("drive", false, task, order);
  }

  /** What a class's learner comes to. @param lessons of the task's pupils, in their order */
  compare(
    task: CompareTask,
    lessons: readonly string[],
    order: Order,
  ): Promise<ComparedDrives | Refusal> {
    return this.#within("compare", true, task, order, lessons);
  }

  /** How much the pupils of these lessons differ from themselves. */
  noise(lessons: readonly string[], order: Order): Promise<NoisePairs | Refusal> {
    return this.#within("noise", false, { lessons: lessons.length }, order, lessons);
  }

  /** Whether the threads work. */
  async alive(): Promise<boolean> {
    // A task that takes too long is ended with its thread, so busy threads are healthy.
    if (this.#queue.busy > 0) return true;
    return this.#threads.run("ping", {}, null).then(
      () => true,
      () => false,
    );
  }

  /** Ends the threads; unfinished work is dropped. */
  async close(): Promise<void> {
    await this.#threads.close();
  }

  /**
   * Runs a task of a lesson in its turn, within the limits.
   * @param lessons that are read for it, where it is not about the one that it is for
   */
  async #within<Result>(
    name: JobKind,
    long: boolean,
    task: object,
    order: Order,
    lessons: readonly string[] | null = null,
  ): Promise<Result | Refusal> {
    const { lesson, address, isWanted, tell = () => {}, signal } = order;
    const { work } = this.#limits;
    const readsOwn = name === "train" || name === "infer" || name === "pairs";
    // A race or a drive, which spectators may ask for too, and a lag, are quick, and do not count.
    const counts = readsOwn || name === "compare" || name === "noise";
    const refusal = counts ? await this.#hours.refuse(order) : null;
    if (refusal) return refusal;
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
          if (counts) await this.#hours.spend(order, ms);
        };
        try {
          const read = lessons ?? (readsOwn ? [lesson] : null);
          const about = read && { lessons: read, spend: order.spend };
          const result = await this.#threads.run<Result>(name, task, about, progress, stopped);
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
}
