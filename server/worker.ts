import { createHash } from "node:crypto";
import type { MessagePort } from "node:worker_threads";
import type { Inference, Lesson, Plan, Turn } from "../shared/lesson.ts";
import { inferReward, takeTurn } from "../shared/training.ts";

/** What runs in the worker threads: nothing but calls of `shared/`, with a clock around them. */

export interface Train {
  readonly lesson: Lesson;
  readonly plan: Plan;
  /** Unsigned 32-bit. */
  readonly seed: number;
}

export interface Trained {
  readonly turn: Omit<Turn, "basis">;
  /** The policy's JSON, which `turn.digest` is the digest of. */
  readonly policy: string;
}

export interface Infer {
  readonly lesson: Lesson;
}

export type Inferred = Omit<Inference, "basis">;

/** With each task comes the port to which the share done is told, in [0, 1]. */
type WithPort<Task> = Task & { readonly port: MessagePort };

export function train({ lesson, plan, seed, port }: WithPort<Train>): Trained {
  const began = performance.now();
  const tell = reporter(port);
  let ms = 0;
  const { policy, turn } = takeTurn(lesson, plan, seed, (share) => {
    if (share >= 1) ms = performance.now() - began;
    tell(share);
  });
  const json = JSON.stringify(policy.toJSON());
  const digest = createHash("sha256").update(json).digest("hex");
  return { turn: { ...turn, digest, ms: Math.round(ms) }, policy: json };
}

export function infer({ lesson, port }: WithPort<Infer>): Inferred {
  const began = performance.now();
  const inference = inferReward(lesson, reporter(port));
  return { ...inference, ms: Math.round(performance.now() - began) };
}

/** Passes on a share at most every twentieth of a second: an eye sees no more. */
function reporter(port: MessagePort): (share: number) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (share) => {
    const now = performance.now();
    if (now - last < 50) return;
    last = now;
    port.postMessage(share);
  };
}
