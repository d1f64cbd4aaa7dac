import type { Lesson } from "../../shared/lesson/lesson.ts";
import type { ChangeName } from "../../shared/lesson/requests.ts";

/** A learner about which one guesses before it is seen. */
export type GuessedLearner = "clone" | "corrected";

/** Whoever leads a lesson while it is taught, as its page hears of them: a class's teacher does. What they say is read from signals. */
export interface Leading {
  /** Whether everybody stops: time stands still. */
  isStopped(): boolean;
  /** Why a change has to wait for them, in a sentence; null where it need not, and while everybody stops. */
  hold(lesson: Lesson, name: ChangeName): string | null;
  /** Told what was guessed of a learner, in the class's measure; null where one went on without. */
  guessed(learner: GuessedLearner, score: number | null): void;
  /** Whether they are known not to have heard what was guessed of a learner, so that it is worth telling again. */
  lacksGuess(learner: GuessedLearner): boolean;
}
