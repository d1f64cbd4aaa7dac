import { count } from "../../../shared/plural.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { bestSoFar } from "../headline.ts";
import type { LessonState } from "../state.ts";
import type { Verdict } from "./verdict.ts";

/** What the corrections have brought, in the person's own numbers. */
export function Payoff({
  state,
  verdict: { told, clone },
}: {
  state: LessonState;
  world: Level;
  verdict: Verdict;
}) {
  const lesson = state.lesson.value;
  const learner = bestSoFar(lesson).at(-1)!;
  if (!clone || learner === lesson.rounds[0]) return null;
  return (
    <table class="payoff figures">
      <caption class="hidden">Before and after your corrections</caption>
      <tbody>
        <tr>
          <th scope="row" class="learner ghost">
            Your clone
          </th>
          <td>{clone.words}</td>
        </tr>
        <tr>
          <th scope="row" class="learner">
            After {count(learner.labels, "correction")}
          </th>
          <td>{told.words}</td>
        </tr>
      </tbody>
    </table>
  );
}
