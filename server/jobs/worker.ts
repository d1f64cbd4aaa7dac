import { on } from "node:events";
import type { MessagePort } from "node:worker_threads";
import {
  type ComparedDrives,
  type CompareTask,
  compareLearners,
  taughtIn,
} from "../../shared/class/compare.ts";
import { type DriveTask, driveTrace } from "../../shared/class/drive.ts";
import {
  doubledIn,
  type NoisePairs,
  type NoiseTask,
  noisePairs,
} from "../../shared/class/noise.ts";
import type { Trace } from "../../shared/class/trace.ts";
import { lagOf, type Steered } from "../../shared/lesson/events/shadowed.ts";
import { fold, type LessonEvent, lessonAt, read } from "../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson } from "../../shared/lesson/lesson.ts";
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
 * lesson at once would block the main thread. Where it needs several, it posts null for each further one,
 * so that it never has more than one in memory.
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

/** Lets a learner drive for a class to look at. */
export function drive(task: WithPort<DriveTask>): Trace {
  return driveTrace(task);
}

/** Compares the learners of a class's pupils with the class's own. */
export async function compare({ port, ...task }: WithPort<CompareTask>): Promise<ComparedDrives> {
  return compareLearners(await ofEach(port, task.pupils.length, taughtIn), task, teller(port));
}

/** How much the pupils of a class differ from themselves. */
export async function noise({ port, lessons: n }: WithPort<NoiseTask>): Promise<NoisePairs> {
  return noisePairs(await ofEach(port, n, doubledIn));
}

async function lessonFrom(port: MessagePort, basis: number): Promise<Lesson> {
  const events: LessonEvent[] = [];
  for await (const stretch of stretchesFrom(port)) {
    if (!stretch) return lessonAt(events, basis);
    events.push(...stretch);
  }
  throw brokenOff();
}

/** What is wanted of each of `n` lessons, one after the other. */
async function ofEach<T>(port: MessagePort, n: number, want: (lesson: Lesson) => T): Promise<T[]> {
  const all: T[] = [];
  let lesson = emptyLesson;
  for await (const stretch of stretchesFrom(port)) {
    if (stretch) {
      lesson = fold(lesson, stretch);
      continue;
    }
    all.push(want(lesson));
    if (all.length === n) return all;
    lesson = emptyLesson;
    port.postMessage(null);
  }
  throw brokenOff();
}

/** Events as they come, and null at the end of each lesson. */
async function* stretchesFrom(port: MessagePort): AsyncGenerator<LessonEvent[] | null> {
  for await (const [stretch] of on(port, "message", { close: ["close"] }))
    yield stretch === null ? null : (JSON.parse(stretch) as unknown[]).map(read);
}

function brokenOff(): Error {
  return new Error("a lesson broke off");
}

function teller(port: MessagePort): (share: number) => void {
  return (share) => port.postMessage(share);
}
