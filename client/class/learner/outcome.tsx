import type { Comparison, Debrief, Since } from "../../../shared/class/debrief.ts";
import { count, plural } from "../../../shared/plural.ts";

/** What the class's learner came to beside those of its pupils, in a sentence. */
export function Outcome({
  comparison: { scores },
  better,
  say,
  nameOf,
}: {
  comparison: Comparison;
  better: Debrief["better"];
  /** How a score is said. */
  say: (score: number) => string;
  nameOf: (pupil: number) => string;
}) {
  const { pooled, agreed, mean, best, bestPupil } = scores;
  const beside = (other: number) =>
    say(pooled) === say(other)
      ? "as far as"
      : (better === "more" ? pooled > other : pooled < other)
        ? "further than"
        : "less far than";
  return (
    <p>
      One learner from all of your answers reached <b class="learner figures">{say(pooled)}</b>:{" "}
      {beside(mean)} the mean of your learners ({say(mean)}), and {beside(best)} the best of them,
      that of <bdi>{nameOf(bestPupil)}</bdi> ({say(best)}). Where answers on which you disagree
      count less, it reached <b class="learner figures">{say(agreed)}</b>.
    </p>
  );
}

/** That the class's learner is older than those of its pupils, and what to do. */
export function Outdated({ since: { pupils, labels } }: { since: Since }) {
  return (
    <p class="outdated" role="status">
      <b>This is older than your learners.</b> Since it was trained, {count(pupils, "pupil")}{" "}
      {plural(pupils, "has", "have")} trained a newer one
      {labels > 0 && `, with ${count(labels, "further answer")}`}. “Train the class’s learner again”
      on the teacher’s page updates it.
    </p>
  );
}
