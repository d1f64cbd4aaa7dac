import { on } from "node:events";
import { setPriority } from "node:os";
import type { MessagePort } from "node:worker_threads";
import { arithmetic } from "../../shared/arithmetic.ts";
import { driverOf, rollout } from "../../shared/imitation/rollout.ts";
import { lagOf, type Steered } from "../../shared/lesson/events/shadowed.ts";
import { type LessonEvent, lessonAt, read } from "../../shared/lesson/fold.ts";
import type { Inference, Lesson, Plan, Turn } from "../../shared/lesson/lesson.ts";
import type { Race } from "../../shared/lesson/protocol.ts";
import { inferReward, takeTurn } from "../../shared/lesson/training.ts";
import { policyKinds } from "../../shared/policies/index.ts";
import type { PolicyJson } from "../../shared/policies/policy.ts";
import { Controller } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { sha256 } from "../sha256.ts";

/** What runs in the worker threads: nothing but calls of `shared/`, with a clock around them. */

// Where threads have priorities, such as on Linux: whoever labels goes before whoever trains.
try {
  if (process.platform === "linux") setPriority(10);
} catch {
  // Then they share the cores as equals.
}

/** That there is a thread at all. */
export function ping(): void {}

export interface Train {
  /** Number of the last event that it is trained on. */
  readonly basis: number;
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
  /** Number of the last event that is looked at. */
  readonly basis: number;
}

export type Inferred = Omit<Inference, "basis">;

export interface Racing {
  readonly world: string;
  readonly seed: number;
  /** The policy of each round that takes part, as JSON. */
  readonly racers: readonly { readonly round: number; readonly policy: string }[];
}

/**
 * With each task comes a port. To it the share done is told, in [0, 1], and from it come the lesson's
 * events, where the task is about a lesson: a stretch at a time as JSON, and null after the last. To
 * hand a long lesson over as it is would take the other thread longer than others like to wait.
 */
type WithPort<Task> = Task & { readonly port: MessagePort };

export async function train({ basis, plan, seed, port }: WithPort<Train>): Promise<Trained> {
  const lesson = await lessonFrom(port, basis);
  const began = performance.now();
  const tell = reporter(port);
  let ms = 0;
  const { policy, turn } = takeTurn(lesson, plan, seed, (share) => {
    if (share >= 1) ms = performance.now() - began;
    tell(share);
  });
  const json = JSON.stringify(policy.toJSON());
  const digest = sha256(json).toString("hex");
  return { turn: { ...turn, digest, arithmetic, ms: Math.round(ms) }, policy: json };
}

export async function infer({ basis, port }: WithPort<Infer>): Promise<Inferred> {
  const lesson = await lessonFrom(port, basis);
  const began = performance.now();
  const inference = inferReward(lesson, reporter(port));
  return { ...inference, ms: Math.round(performance.now() - began) };
}

export function race({ world: name, seed, racers }: WithPort<Racing>): Race {
  const world = worlds[name]!;
  const episodes = racers.map(({ round, policy }) => {
    const json: PolicyJson = JSON.parse(policy);
    const driver = driverOf(world, policyKinds[json.kind]!.fromJSON(json));
    return { round, episode: rollout(world, driver, Controller.learner, seed) };
  });
  return { episodes };
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
