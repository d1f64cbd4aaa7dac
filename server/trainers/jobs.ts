import { readFileSync } from "node:fs";
import * as z from "zod";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import type {
  InferenceResult,
  InferTask,
  TrainingResult,
  TrainTask,
} from "../../shared/lesson/service/work.ts";
import { digest } from "../sha256.ts";

/** What tells programs apart that may come to different results: the built worker at `file`. */
export function versionOf(file: string): string {
  return digest(readFileSync(file, "utf8")).slice(0, 16);
}

/**
 * The queues that trainers of a version take jobs from: long ones leave a thread of each trainer to short ones.
 * What another version comes to, or has come to, is not what is asked for.
 */
export function queuesOf(version: string) {
  return { long: `dagger-dojo-long-${version}`, short: `dagger-dojo-short-${version}` } as const;
}

/** Where trainers are told the ids of jobs that nobody wants any more. */
export const stops = "dagger-dojo:stops";
/** Seconds for which what a job came to is kept: whoever waits for it may have to come back first. */
const kept = 600;
/** For how long, in seconds, and for how many jobs a queue knows how they ended. */
export const keptJobs = { age: kept, count: 1000 };
/** How a result is kept. */
export const keptResult = ["EX", kept] as const;

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

/** An {@link Ended}, as a queue has it. */
export const endedSchema = z.object({
  ms: z.number().nonnegative(),
  refusal: z.looseObject({ code: z.string(), reason: z.string() }).nullable(),
});

/** A job's id follows from what is to be done: whoever asks for it again, in any process, gets the same. */
export function idOf(version: string, { name, lesson, task }: Omit<JobData, "most">): string {
  return digest(JSON.stringify([version, name, lesson, task]));
}

export function resultAt(id: string): string {
  return `dagger-dojo:result:${id}`;
}

const results = {
  train: z.object({ round: z.looseObject({ digest: z.string() }), policy: z.string() }),
  infer: z.looseObject({}),
};

/** What a job came to, as it was kept; null where that is nothing that a trainer of this version wrote. */
export function readResult(
  name: JobData["name"],
  json: string,
): TrainingResult | InferenceResult | null {
  try {
    const result: unknown = JSON.parse(json);
    if (name === "infer") return results.infer.parse(result) as unknown as InferenceResult;
    const { round, policy } = results.train.parse(result);
    return digest(policy) === round.digest ? (result as TrainingResult) : null;
  } catch {
    return null;
  }
}
