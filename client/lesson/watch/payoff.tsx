import { copiesDoAsWell } from "../../../shared/imitation/control.ts";
import { summaryOf, toldLaps } from "../../../shared/imitation/endurance.ts";
import type { Lesson } from "../../../shared/lesson/lesson.ts";
import { count } from "../../../shared/plural.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { background, useBackground } from "../background.ts";
import { bestSoFar } from "../headline.ts";
import { ShareReplay } from "../share/share-replay.tsx";
import type { PanelProps } from "../state.ts";
import type { Verdict } from "./verdict.ts";

/** So many times as far is no draw. */
const clearly = 1.5;

/** What the corrections have brought, in the person's own numbers. */
export function Payoff({
  state,
  on,
  world,
  verdict: { told, clone },
}: Pick<PanelProps, "state" | "on" | "world"> & { verdict: Verdict }) {
  const lesson = state.lesson.value;
  const learner = bestSoFar(lesson).at(-1)!;
  const copies = useCopies(lesson, world);
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
          {copies && (
            <tr>
              <th scope="row">
                A clone of {count(copies.demonstrations, "demonstration")} <small>(computed)</small>
              </th>
              <td>{copies.laps}</td>
            </tr>
          )}
        </tbody>
      </table>
      {copies && (
        <p class="quiet-text">
          {copies.farther
            ? "Here more demonstrations would have helped more than your answers. "
            : copies.asWell
              ? "Here more demonstrations might have helped as much as your answers. "
              : "More demonstrations would not have brought the learner this far. "}
          The computer finds this with a simulated driver who steers like you{copies.late}.
        </p>
      )}
      {world.canFall && learner === lesson.rounds.at(-1) && (
        <ShareReplay key={learner.seq} state={state} on={on} world={world} />
      )}
    </>
  );
}

/** What cloning more of the person's drives would have come to; null until that is computed, and where it cannot be. */
function useCopies(lesson: Lesson, world: Level) {
  const round = lesson.rounds.at(-1)!;
  const control = useBackground(
    () => (round.endurance ? background().control(lesson) : null),
    [round.seq],
  );
  const { endurance } = bestSoFar(lesson).at(-1)!;
  const most = control?.copies.at(-1);
  if (!control || !most || !endurance) return null;
  const { laps } = summaryOf(most.endurance);
  const asWell = copiesDoAsWell(control, endurance);
  const late = control.hands.lag / stepsIn(world.steering, 1, 1);
  return {
    demonstrations: most.demonstrations,
    laps: toldLaps(laps).toFixed(1),
    asWell,
    farther: asWell && laps > clearly * summaryOf(endurance).laps,
    late: late > 0 ? ` and also reacts ${late.toFixed(2)} s late` : "",
  };
}
