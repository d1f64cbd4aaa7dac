import { arithmetic } from "../../arithmetic.ts";
import { driverOf, rollout } from "../../imitation/rollout.ts";
import { NoStep } from "../../irl/reward.ts";
import { policyOf } from "../../policies/index.ts";
import type { PolicyJson } from "../../policies/policy.ts";
import { Controller } from "../../worlds/episode.ts";
import { worlds } from "../../worlds/index.ts";
import type { Lesson } from "../lesson.ts";
import type { Race } from "../protocol.ts";
import type { Refusal } from "../refusal.ts";
import { inferReward, startRound } from "../training.ts";
import type { Digest } from "./platform.ts";
import { tooShort } from "./refusals.ts";
import type { InferenceResult, RaceTask, TrainingResult, TrainTask } from "./work.ts";

/** What work comes down to, wherever it is done: calls of `shared/`, with a clock around them. */

/** What differs between the places where work is done. */
export interface Workplace {
  /** Milliseconds from some beginning. */
  readonly now: () => number;
  readonly digest: Digest;
}

/**
 * Trains a policy on a lesson, and lets it drive.
 * @param lesson as it stood after event `basis`
 * @param tell told the share of the fit that is done, in [0, 1]
 */
export async function train(
  lesson: Lesson,
  { plan, seed, learningSeed }: TrainTask,
  tell: (share: number) => void,
  { now, digest }: Workplace,
): Promise<TrainingResult> {
  const progress = nowAndThen(tell, now);
  const began = now();
  let ms = 0;
  const told = (share: number) => {
    if (share >= 1) ms = now() - began;
    progress(share);
  };
  const { policy, round } = startRound(lesson, plan, seed, told, learningSeed);
  const json = JSON.stringify(policy.toJSON());
  const computed = { digest: await digest(json), arithmetic, ms: Math.round(ms) };
  return { round: { ...round, ...computed }, policy: json };
}

/**
 * Infers the reward behind a lesson's demonstrations.
 * @param lesson as it stood after event `basis`
 * @param tell told the share that is done, in [0, 1]
 */
export function infer(
  lesson: Lesson,
  tell: (share: number) => void,
  { now }: Workplace,
): InferenceResult | Refusal {
  const began = now();
  try {
    const inference = inferReward(lesson, nowAndThen(tell, now));
    return { ...inference, ms: Math.round(now() - began) };
  } catch (error) {
    // A step on the lattice may be several in the world.
    if (error instanceof NoStep) return tooShort;
    throw error;
  }
}

/** Lets each racer drive on the same seed. */
export function race({ world: name, seed, racers }: RaceTask): Race {
  const world = worlds[name]!;
  const episodes = racers.map(({ round, policy }) => {
    const json: PolicyJson = JSON.parse(policy);
    const driver = driverOf(world, policyOf(json));
    return { round, episode: rollout(world, driver, Controller.learner, seed) };
  });
  return { episodes };
}

/** Passes on a share at most every twentieth of a second: an eye sees no more. */
function nowAndThen(tell: (share: number) => void, now: () => number): (share: number) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (share) => {
    if (now() - last < 50) return;
    last = now();
    tell(share);
  };
}
