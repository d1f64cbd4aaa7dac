import type { Comparison, Debrief } from "../../../shared/class/debrief.ts";
import { count } from "../../../shared/plural.ts";
import "./learner.css";

/** The class's learner beside those of its pupils: four numbers, as bars. */
export function ComparisonBars({
  comparison,
  unit,
  say,
  nameOf,
}: {
  comparison: Comparison;
  unit: Debrief["unit"];
  /** How a score is said. */
  say: (score: number) => string;
  /** What a pupil is called. */
  nameOf: (pupil: number) => string;
}) {
  const { scores, labels, pupils, starts } = comparison;
  const bars = [
    { words: "Mean of your learners", score: scores.mean },
    { words: `Best learner: ${nameOf(scores.bestPupil)}`, score: scores.best },
    { words: "One learner with everybody’s answers", score: scores.pooled },
    { words: "The same, but disagreement counts less", score: scores.agreed },
  ];
  const most = Math.max(0.1, ...bars.map(({ score }) => score));
  return (
    <section aria-labelledby="comparison-title">
      <h3 id="comparison-title">What the class’s answers are worth, in {unit}</h3>
      <dl class="bars figures">
        {bars.map(({ words, score }) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect width={(100 * Math.max(0, score)) / most} height="8" />
              </svg>
              {say(score)}
            </dd>
          </div>
        ))}
      </dl>
      <p class="quiet-text">
        From {count(labels, "answer")} of {count(pupils.length, "pupil")}, each learner tested from{" "}
        {count(starts, "start")} that it never saw.
      </p>
    </section>
  );
}
