import type { Steered } from "../events/shadowed.ts";
import type { InferenceRecord, RoundStart, TrainingPlan } from "../lesson.ts";
import type { Spend } from "../log.ts";
import type { Race } from "../protocol.ts";
import type { Refusal } from "../refusal.ts";

/**
 * What takes longer than a person notices. It may wait for its turn, is within bounds of its own,
 * and may be done anywhere: in a thread, in a worker of the page, or on another machine.
 *
 * Each promise rejects where the work could not be done, or the order's signal broke it off.
 */
export interface Work {
  /** @param pairs about how many pairs of state and action there are to learn from */
  train(task: TrainTask, pairs: number, order: Order): Promise<TrainingResult | Refusal>;

  infer(task: InferTask, order: Order): Promise<InferenceResult | Refusal>;

  race(task: RaceTask, order: Order): Promise<Race | Refusal>;

  /** By how many steps the hands were late in what was steered beside a drive. */
  lag(task: Steered, order: Order): Promise<number | Refusal>;
}

/** For whom the work is, who is told how it goes, and what breaks it off. */
export interface Order {
  /** The lesson's address. Training and inference read its events from the log. */
  readonly lesson: string;
  /** Of whoever asked for it. */
  readonly address: string;
  /** Whose hour of work it counts for: the lesson's where its owner asks, else that of the address. */
  readonly payer: string;
  /** The class that it is for, whose hour it counts for, too. */
  readonly class?: string;
  /** Told what the main thread has to do for it. */
  readonly spend: Spend;
  /** Whether anybody still waits for it. */
  readonly isWanted: () => boolean;
  readonly tell?: (progress: WorkProgress) => void;
  readonly signal?: AbortSignal;
}

/** How far work has come. */
export interface WorkProgress {
  /** Share done, in [0, 1]. */
  readonly share: number;
  /** Its place among the work that waits, 1 for next; none once it is under way. */
  readonly place?: number;
  /** Whether nobody is there to do it; it waits for somebody to come. */
  readonly nobody?: true;
}

export interface TrainTask {
  /** Number of the last event that it is trained on. */
  readonly basis: number;
  readonly plan: TrainingPlan;
  /** Unsigned 32-bit. */
  readonly seed: number;
  /** What the fit draws from; `seed` without it. */
  readonly learningSeed?: number | undefined;
}

export interface TrainingResult {
  readonly round: Omit<RoundStart, "basis">;
  /** The policy's JSON, which `round.digest` is the digest of. */
  readonly policy: string;
}

export interface InferTask {
  /** Number of the last event that is looked at. */
  readonly basis: number;
}

export type InferenceResult = Omit<InferenceRecord, "basis">;

export interface RaceTask {
  readonly world: string;
  readonly seed: number;
  /** The policy of each round that takes part, as JSON. */
  readonly racers: readonly { readonly round: number; readonly policy: string }[];
}
