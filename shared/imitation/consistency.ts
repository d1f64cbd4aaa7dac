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
  /** What the best of learners would differ from them by, see {@link leastDifference}; null where own is. */
  readonly least: number | null;
  /** Mean disagreement, in [0, 1], of the learner's proposals with all answers; null before the first. */
  readonly learners: number | null;
}

/** The person's own inconsistency over all rounds, beside the learner's error. */
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
  const off = mean(own);
  const least = off === null ? null : leastDifference(space, off);
  return { repeats: own.length, own: off, least, learners: mean(learners) };
}

/**
 * What a learner differs by from a person at least, if two answers of theirs differ by `own`: a learner that
 * knows what they mean errs by their slip alone, and two answers by two. With numbers it is own / √2, which is exact
 * for normal errors. Of answers that are one of a few, with probabilities p, two differ with 1 − Σp² and one from the
 * most frequent with 1 − max p, which is at least 1 − √Σp²: that is given.
 */
function leastDifference({ kind }: ActionSpace, own: number): number {
  return kind === "continuous" ? own / Math.SQRT2 : 1 - Math.sqrt(1 - own);
}

function mean(values: readonly number[]): number | null {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}
