import { on } from "node:events";
import type { MessagePort } from "node:worker_threads";
import { lagOf, type Steered } from "../../shared/lesson/events/shadowed.ts";
import { type LessonEvent, lessonAt, read } from "../../shared/lesson/fold.ts";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import type { Race } from "../../shared/lesson/protocol.ts";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import * as tasks from "../../shared/lesson/service/tasks.ts";
import type {
  InferenceResult,
  InferTask,
  RaceTask,
  TrainingResult,
  TrainTask,
} from "../../shared/lesson/service/work.ts";
import { pairsFor } from "../../shared/lesson/training.ts";
import { runLast } from "../runLast.ts";
import { digest } from "../sha256.ts";

/** The worker threads' tasks: calls of `shared/` only, with a clock and a digest. */

runLast();

/** Answers a health check. */
export function ping(): void {}

/**
 * Each task has a port. The task posts the share that is done, in [0, 1]. Where it needs a lesson, it
 * receives the lesson's events, a stretch at a time as JSON, and null after the last: cloning a long
 * lesson at once would block the main thread.
 */
type WithPort<Task> = Task & { readonly port: MessagePort };

const workplace: tasks.Workplace = { now: () => performance.now(), digest };

export async function train({ port, ...task }: WithPort<TrainTask>): Promise<TrainingResult> {
  const lesson = await lessonFrom(port, task.basis);
  return tasks.train(lesson, task, teller(port), workplace);
}

export async function infer({
  port,
  basis,
}: WithPort<InferTask>): Promise<InferenceResult | Refusal> {
  const lesson = await lessonFrom(port, basis);
  return tasks.infer(lesson, teller(port), workplace);
}

export async function pairs({ port, basis }: WithPort<InferTask>): Promise<string> {
  return JSON.stringify(pairsFor(await lessonFrom(port, basis)));
}

export function race(task: WithPort<RaceTask>): Race {
  return tasks.race(task);
}

export function lag(steered: WithPort<Steered>): number {
  return lagOf(steered);
}

async function lessonFrom(port: MessagePort, basis: number): Promise<Lesson> {
  const events: LessonEvent[] = [];
  for await (const [stretch] of on(port, "message", { close: ["close"] })) {
    if (stretch === null) return lessonAt(events, basis);
    events.push(...(JSON.parse(stretch) as unknown[]).map(read));
  }
  throw new Error("the lesson broke off");
}

function teller(port: MessagePort): (share: number) => void {
  return (share) => port.postMessage(share);
}
