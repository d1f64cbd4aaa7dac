import { askedBefore } from "../queries/repeats.ts";
import { type ActionSpace, width } from "../spaces.ts";
import type { Episode } from "../worlds/episode.ts";
import { disagreement } from "./disagreement.ts";

/** What was asked in a round, and what the person said. */
export interface AnsweredRound {
  /** What the learner drove, of which the actions at the questions are its proposals. */
  readonly episodes: readonly Pick<Episode, "actions">[];
  /** [episode, time step] of each question; one that comes twice is a repeat. */
  readonly queries: readonly (readonly [number, number])[];
  /** Answer i is to query i. */
  readonly answers: readonly (readonly number[])[];
}

/** How far a person is from themselves, and the learner from the person. */
export interface Consistency {
  /** Questions that were answered twice. */
  readonly repeats: number;
  /** Mean disagreement, in [0, 1], of the two answers to each; null before the first repeat. */
  readonly own: number | null;
  /** Mean disagreement, in [0, 1], of the learner's proposals with all answers; null before the first. */
  readonly learners: number | null;
}

/**
 * The person's own inconsistency over all rounds, beside the learner's error. No learner can be held
 * to agree with a person better than the person does.
 */
export function consistency(space: ActionSpace, rounds: readonly AnsweredRound[]): Consistency {
  const own: number[] = [];
  const learners: number[] = [];
  const wide = width(space);
  for (const { episodes, queries, answers } of rounds) {
    answers.forEach((answer, i) => {
      const [drive, t] = queries[i]!;
      const proposed = episodes[drive]!.actions.slice(t * wide, (t + 1) * wide);
      learners.push(disagreement(space, proposed, answer));
      const first = askedBefore(queries, i);
      if (first !== null) own.push(disagreement(space, answers[first]!, answer));
    });
  }
  return { repeats: own.length, own: mean(own), learners: mean(learners) };
}

function mean(values: readonly number[]): number | null {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}
