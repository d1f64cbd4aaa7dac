import { setPriority } from "node:os";
import type { MessagePort } from "node:worker_threads";
import { driverOf, rollout } from "../shared/imitation/rollout.ts";
import type { Inference, Lesson, Plan, Turn } from "../shared/lesson.ts";
import { policyKinds } from "../shared/policies/index.ts";
import type { PolicyJson } from "../shared/policies/policy.ts";
import type { Race } from "../shared/protocol.ts";
import { inferReward, takeTurn } from "../shared/training.ts";
import { Controller } from "../shared/worlds/episode.ts";
import { worlds } from "../shared/worlds/index.ts";
import { sha256 } from "./sha256.ts";

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

export interface Racing {
  readonly world: string;
  readonly seed: number;
  /** The policy of each round that takes part, as JSON. */
  readonly racers: readonly { readonly round: number; readonly policy: string }[];
}

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
  const digest = sha256(json).toString("hex");
  return { turn: { ...turn, digest, ms: Math.round(ms) }, policy: json };
}

export function infer({ lesson, port }: WithPort<Infer>): Inferred {
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
