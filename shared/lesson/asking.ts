import * as z from "zod";
import {
  type AskingGate,
  causes,
  levelsAlong,
  levelsOf,
  Turns,
  thresholdsAt,
} from "../imitation/asking.ts";
import { count } from "../plural.ts";
import type { Policy } from "../policies/policy.ts";
import { tabular } from "../policies/tabular.ts";
import { Controller, type Episode, type Trajectory } from "../worlds/episode.ts";
import type { Level } from "../worlds/level.ts";
import { stepsIn } from "../worlds/steering.ts";
import { index } from "./fields.ts";
import { type Refusal, refusal } from "./refusal.ts";

/**
 * How much a learner may ask for: the share of a drive's steps for which a person has the wheel at most, and the share of the
 * places of its own drives at which it asks (`thresholdsAt` in `shared/imitation/asking.ts`).
 */
export const askingRates = [0.1, 0.2, 0.3] as const;
/** Where nobody chooses, as in a task. */
export const usualRate = 0.2;

/** What a learner asked for in a drive, and why. */
export const asking = z.strictObject({
  /** One of {@link askingRates} as a rule. */
  rate: z.number().min(0.01).max(0.5),
  /** The steps at which it asked for the wheel, each with the cause, in their order. */
  turns: z
    .array(z.tuple([index, z.enum(causes)]).readonly())
    .min(1)
    .max(256)
    .readonly(),
});
export type Asking = z.infer<typeof asking>;

/** Steps of a drive that a person has at most. */
export function askingBudget({ horizon }: Level, rate: number): number {
  return Math.round(rate * horizon);
}

/** Whether a learner may ask for the wheel in a world: one that waits for each move is never in a hurry. */
export function mayAsk({ steering }: Level): boolean {
  return steering.pace === "runs";
}

/**
 * Whether a learner can be relied on to ask sooner or later, so that nothing else is needed to correct it. Without crashes to
 * come it asks where a place is newer to it than those of its own drives, and there may be none: a table says the same of each
 * place that it does not know, and the next drive may be like those before it.
 * @param policy key in the policy registry; left out, any but a table
 */
export function canAsk(world: Level, policy?: string): boolean {
  return mayAsk(world) && world.canFall === true && policy !== tabular.name;
}

/** Seconds for which the learner looks ahead, those of a turn at least, and those for which it is calm at its end. */
const seconds = { ahead: 1, least: 0.5, calm: 0.25 };

/** The same in steps, with what all turns of a drive may take. */
export function askingLimits(world: Level, rate: number) {
  const steps = (time: number) => Math.round(stepsIn(world.steering, time, 1));
  return {
    ahead: steps(seconds.ahead),
    least: steps(seconds.least),
    calm: steps(seconds.calm),
    budget: askingBudget(world, rate),
  };
}

/** As many of its own drives are looked at, to see what is usual: a page may not stand still for long. */
const mostDrives = 4;

/**
 * What decides about the wheel in a drive of a lesson's learner.
 * @param drives the learner's own of the round; at least one
 */
export function lessonGate(
  world: Level,
  policy: Policy,
  rate: number,
  drives: readonly Trajectory[],
): AskingGate {
  const { ahead, ...limits } = askingLimits(world, rate);
  const levels = levelsOf(world, policy, ahead);
  const usual = levelsAlong(world, drives.slice(0, mostDrives), levels);
  return { levels, turns: new Turns(thresholdsAt(rate, usual), limits) };
}

/**
 * Why a learner cannot have asked for the wheel like that; null where it can, or did not ask at all. Whether it would have asked
 * at these very steps is not looked at: no more than whether a person took the wheel where they say.
 */
export function refuseAsking(
  asked: Asking | undefined,
  { controllers }: Episode,
  world: Level,
): Refusal | null {
  if (!asked) return null;
  if (!mayAsk(world))
    return refusal(
      "bad-episode",
      `${world.name} waits for each move: nobody has to be asked there.`,
    );
  const began = controllers.flatMap((who, t) =>
    who === Controller.expert && controllers[t - 1] !== Controller.expert ? [t] : [],
  );
  if (began.join() !== asked.turns.map(([t]) => t).join())
    return refusal(
      "bad-episode",
      "The learner asks where the wheel goes to the person, and nowhere else.",
    );
  const most = askingBudget(world, asked.rate);
  return controllers.filter((who) => who === Controller.expert).length <= most
    ? null
    : refusal("bad-episode", `The learner may ask for ${count(most, "step")} of such a drive.`);
}
