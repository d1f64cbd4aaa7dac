import type { Label } from "../../../shared/imitation/dataset.ts";
import { disagreement } from "../../../shared/imitation/disagreement.ts";
import { driverOf } from "../../../shared/imitation/rollout.ts";
import type { Round } from "../../../shared/lesson/lesson.ts";
import type { Policy } from "../../../shared/policies/policy.ts";
import { width } from "../../../shared/spaces.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { type Ahead, driveAhead, heldSteps, lookAhead } from "../activities/look-ahead.ts";
import { statesAsked, visible } from "./action-field.ts";
import type { Change } from "./change.ts";

/** Seconds that are looked at. */
const seconds = 2;

/** What one answer does to the learner's drive from the state that it is about. Plain data. */
export interface AnswerEffect {
  readonly before: Ahead;
  readonly now: Ahead;
  /** Whether the answer itself, held as one sees it before it is given, crashes. */
  readonly isCrash: boolean;
}

/** What the learner would have done at a question before it learned the answer, and how that drives on. Plain data. */
export interface OneAnswer {
  /** Whether it would have done about what the answer says. */
  readonly isOld: boolean;
  /** Null where the world knows no crash. */
  readonly effect: AnswerEffect | null;
}

/** How `policy` would drive on from `state`. */
export function drivesOn(world: Level, policy: Policy, state: Float64Array): Ahead {
  const steps = stepsIn(world.steering, seconds, seconds);
  return driveAhead(world, state, driverOf(world, policy), steps);
}

/** What there is to tell of an answer, as soon as there is a policy that has learned it. */
export function beforeAnswer(
  world: Level,
  policy: Policy,
  { state, action }: Label,
): (now: Policy) => OneAnswer {
  const own = new Float64Array(width(world.action));
  driverOf(world, policy)(state, own);
  const isOld = disagreement(world.action, own, action) <= visible;
  if (!world.canFall) return () => ({ isOld, effect: null });
  const before = drivesOn(world, policy, state);
  return (now) => ({
    isOld,
    effect: {
      before,
      now: drivesOn(world, now, state),
      isCrash: crashesHeld(world, state, action),
    },
  });
}

/** Whether `answer`, held, crashes: by this an answer is judged before it is given and after. */
export function crashesHeld(world: Level, state: Float64Array, answer: ArrayLike<number>): boolean {
  return lookAhead(world, state, answer, heldSteps(world)).fell;
}

/** Whether an answer, held, brings a crash sooner than what the learner does by itself, or later; null where it brings none. */
export function crashOf(
  world: Level,
  state: Float64Array,
  answer: ArrayLike<number>,
  learners: ArrayLike<number>,
): "sooner" | "later" | "as soon" | null {
  const steps = heldSteps(world);
  const mine = lookAhead(world, state, answer, steps);
  if (!mine.fell) return null;
  const its = lookAhead(world, state, learners, steps);
  const gained = mine.poses.length - (its.fell ? its.poses.length : Number.POSITIVE_INFINITY);
  return gained < 0 ? "sooner" : gained > 0 ? "later" : "as soon";
}

/** How many of a round's answers bring a crash sooner than what the learner did by itself. */
export function harmfulIn(world: Level, round: Round): number {
  const states = statesAsked(world, round);
  const size = width(world.action);
  return round.answers.filter((answer, i) => {
    const [drive, t] = round.queries[i]!;
    const { actions } = round.episodes[drive]!;
    const own = actions.slice(t * size, (t + 1) * size);
    return crashOf(world, states[i]!, answer, own) === "sooner";
  }).length;
}

/** Whether the answer helps, in words; null where there was no crash to come, and is none. */
export function sayEffect({ before, now, isCrash }: AnswerEffect): Change | null {
  if (before.fell && !now.fell)
    return {
      words: "Before, it crashed here. Now it drives on.",
      short: "It learned this: now it drives on",
    };
  const farther = now.poses.length - before.poses.length;
  const isWorse = now.fell && (!before.fell || farther < 0);
  // Whoever was shown that an answer is safe did not mean a crash.
  if (isWorse && !isCrash)
    return {
      words: `Your answer is safe here. After it, the learner drives on by itself and crashes${before.fell ? " sooner than before" : ""}. More answers near here will help.`,
      short: "Your answer is safe. After it, it crashes",
    };
  if (isWorse)
    return before.fell
      ? {
          words: "With this answer it crashes sooner. Did you mean that? You can take it back.",
          short: "With this answer it crashes sooner",
        }
      : {
          words: "With this answer it crashes here. Did you mean that? You can take it back.",
          short: "With this answer it crashes here",
        };
  if (before.fell)
    return {
      words: `It ${farther > 0 ? "gets further, but still crashes" : "still crashes here"}. More answers near here will help.`,
      short: farther > 0 ? "It gets further, but still crashes" : "It still crashes here",
    };
  return null;
}
