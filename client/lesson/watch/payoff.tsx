import { count } from "../../../shared/plural.ts";
import { bestSoFar } from "../headline.ts";
import { ShareReplay } from "../share/share-replay.tsx";
import type { PanelProps } from "../state.ts";
import type { Verdict } from "./verdict.ts";

/** What the corrections have brought, in the person's own numbers. */
export function Payoff({
  state,
  on,
  world,
  verdict: { told, clone },
}: Pick<PanelProps, "state" | "on" | "world"> & { verdict: Verdict }) {
  const lesson = state.lesson.value;
  const learner = bestSoFar(lesson).at(-1)!;
  if (!clone || learner === lesson.rounds[0]) return null;
  return (
    <>
      <table class="payoff figures">
        <caption>{told.unit[0]!.toUpperCase() + told.unit.slice(1)}</caption>
        <tbody>
          <tr>
            <th scope="row" class="learner ghost">
              Your clone
            </th>
            <td>{clone.words}</td>
          </tr>
          <tr>
            <th scope="row" class="learner">
              After {count(learner.labels, "answer")}
            </th>
            <td>{told.words}</td>
          </tr>
        </tbody>
      </table>
      {world.canFall && learner === lesson.rounds.at(-1) && (
        <ShareReplay key={learner.seq} state={state} on={on} world={world} />
      )}
    </>
  );
}
