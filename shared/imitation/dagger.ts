import type { Dataset, Policy } from "../policies/policy.ts";
import { Stream, seeded } from "../random.ts";
import { width } from "../spaces.ts";
import type { Trajectory } from "../worlds/episode.ts";
import type { World } from "../worlds/world.ts";
import type { Label } from "./dataset.ts";
import type { Expert } from "./experts.ts";
import { type Method, type Question, rounds } from "./round.ts";

/** An answer, and the question's other side: the action to learn is the expert's, and both are kept. */
export interface Answer extends Label {
  /** What the learner would have done. [width] */
  readonly proposed: Float64Array;
}

/** A round of the loop: its policy, and what went into it since the round before. */
export interface RoundResult {
  readonly policy: Policy;
  /** Mean loss over {@link data}. */
  readonly loss: number;
  readonly data: Dataset;
  /** The rollouts since the round before, and the answers they led to; none in the first round. */
  readonly drives: readonly Trajectory[];
  readonly answers: readonly Answer[];
}

/** The expert's answers: what it did where it was at the wheel, and what it would have done elsewhere. */
export function answer(
  world: World,
  questions: readonly Question[],
  expert: Expert,
  seed: number,
): Answer[] {
  const answers = expert.answers(seeded(seed, Stream.expert));
  return questions.map(({ state, proposed, done }) => {
    const action = done ?? new Float64Array(width(world.action));
    if (!done) answers(state, action);
    return { state, proposed, action };
  });
}

/**
 * {@link rounds} with a script for an expert, who answers each round's questions at once. The first
 * policy is cloned from the demonstrations alone.
 * @param seed round i draws from `seed` + i
 * @param firstSeed seeds below it are held out: no rollout has one
 */
export function* dagger(
  world: World,
  demonstrations: readonly Trajectory[],
  method: Method,
  expert: Expert,
  seed: number,
  firstSeed: number,
): Generator<RoundResult, never> {
  const loop = rounds(world, demonstrations, method, seed, { firstSeed, expert });
  let { rollouts, questions, ...trained } = loop.next().value;
  let drives: readonly Trajectory[] = [];
  let answers: readonly Answer[] = [];
  for (let now = seed; ; now++) {
    yield { ...trained, drives, answers };
    answers = answer(world, questions, expert, now);
    drives = rollouts;
    ({ rollouts, questions, ...trained } = loop.next(answers).value);
  }
}
