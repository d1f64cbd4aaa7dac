import { proxy, type Remote, wrap } from "comlink";
import type { Steered } from "../../shared/lesson/events/shadowed.ts";
import { type LessonEvent, lessonAt } from "../../shared/lesson/fold.ts";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import { eventsIn, type Log } from "../../shared/lesson/log.ts";
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
import type { Tasks } from "./tasks.worker.ts";

/** Work in this browser: a worker for each task, so that the lesson goes on and the task can be stopped. */
export class LocalWork implements Work {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  async train(task: TrainTask, _: number, order: Order): Promise<TrainingResult> {
    const lesson = await this.#lessonAt(task.basis, order);
    return run(order, (tasks, tell) => tasks.train(lesson, task, tell));
  }

  async infer({ basis }: InferTask, order: Order): Promise<InferenceResult | Refusal> {
    const lesson = await this.#lessonAt(basis, order);
    return run(order, async (tasks, tell) => tasks.infer(lesson, tell));
  }

  race(task: RaceTask, order: Order): Promise<Race> {
    return run(order, (tasks) => tasks.race(task));
  }

  lag(steered: Steered, order: Order): Promise<number> {
    return run(order, (tasks) => tasks.lag(steered));
  }

  async #lessonAt(basis: number, { lesson, spend }: Order): Promise<Lesson> {
    const events: LessonEvent[] = [];
    for await (const { rows, last } of this.#log.stretches(lesson, 0, spend))
      events.push(...eventsIn(rows, last));
    return lessonAt(events, basis);
  }
}

async function run<Result>(
  { tell = () => {}, signal }: Order,
  task: (tasks: Remote<Tasks>, tell: (share: number) => void) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  tell({ share: 0 });
  const worker = new Worker(new URL("./tasks.worker.ts", import.meta.url), { type: "module" });
  try {
    return await new Promise<Result>((resolve, reject) => {
      worker.addEventListener("error", ({ message }) => reject(new Error(message)));
      signal?.addEventListener("abort", () => reject(signal.reason));
      const progress = proxy((share: number) => tell({ share }));
      task(wrap<Tasks>(worker), progress).then(resolve, reject);
    });
  } finally {
    worker.terminate();
  }
}
