import type { Refusal } from "../../shared/lesson/refusal.ts";
import type { InferTask, TrainTask } from "../../shared/lesson/service/work.ts";
import { sha256 } from "../sha256.ts";

/** The queues that trainers take jobs from: long ones leave a thread of each trainer to short ones. */
export const queues = { long: "dagger-dojo-long", short: "dagger-dojo-short" } as const;
/** Where trainers are told the ids of jobs that nobody wants any more. */
export const stops = "dagger-dojo:stops";
/** Seconds for which what a job came to is kept: whoever waits for it may have to come back first. */
export const kept = 600;

/** What a trainer is told of a job. */
export interface JobData {
  readonly name: "train" | "infer";
  readonly lesson: string;
  readonly task: TrainTask | InferTask;
  /** Seconds that it may take. */
  readonly most: number;
}

/** How a job ended. What it came to, unless it is refused, is under {@link resultAt}, as it is large. */
export interface Ended {
  readonly ms: number;
  readonly refusal: Refusal | null;
}

/** A job's id follows from what is to be done: whoever asks for it again, in any process, gets the same. */
export function idOf({ name, lesson, task }: Omit<JobData, "most">): string {
  return sha256(JSON.stringify([name, lesson, task])).toString("hex");
}

export function resultAt(id: string): string {
  return `dagger-dojo:result:${id}`;
}
