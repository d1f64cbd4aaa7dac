import { arithmetic } from "../arithmetic.ts";
import { aggregate, pairsOf } from "../imitation/dataset.ts";
import { fit } from "../imitation/round.ts";
import { lessonAt } from "../lesson/fold.ts";
import { demonstrationsOf, kindFor, labelsOf } from "../lesson/training.ts";
import type { Policy } from "../policies/policy.ts";
import type { LessonRecord, RoundRecord } from "./lessonRecord.ts";

/**
 * What was trained in the rounds in which the expert drove beside it, trained again: a log has the actions that
 * were taken, and what the learner would have done meanwhile follows from it. A learner whose digest is not the
 * one in the log is left out, such as one of another arithmetic.
 * @param digest SHA-256 of a text in UTF-8, hex
 * @param mayGoOn asked before each training, of which a lesson's file can ask for thousands; those after a "no"
 *   are left out
 */
export async function learnersOf(
  lesson: Omit<LessonRecord, "learners">,
  digest: (text: string) => string | Promise<string>,
  mayGoOn: () => Promise<boolean> = async () => true,
): Promise<Map<number, Policy>> {
  const learners = new Map<number, Policy>();
  const asked = new Set(
    lesson.episodes.flatMap(({ kind, round }) =>
      kind === "takeover" && round !== null ? [round] : [],
    ),
  );
  for (const round of asked) {
    const { start } = lesson.rounds[round]!;
    if (start.arithmetic !== arithmetic) continue;
    if (!(await mayGoOn())) break;
    const learner = trainAgain(lesson, lesson.rounds[round]!);
    if ((await digest(JSON.stringify(learner.toJSON()))) === start.digest)
      learners.set(round, learner);
  }
  return learners;
}

function trainAgain(
  { level, events }: Omit<LessonRecord, "learners">,
  { start: { basis, plan, seed, learningSeed = seed } }: RoundRecord,
): Policy {
  const lesson = lessonAt(events, basis);
  const data = aggregate(level, pairsOf(level, demonstrationsOf(lesson)), labelsOf(level, lesson));
  return fit(data, kindFor(lesson, plan.policy), learningSeed).policy;
}
