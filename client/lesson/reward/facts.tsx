import type { Inference } from "../../../shared/lesson/lesson.ts";
import { count } from "../../../shared/plural.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { formatTime } from "../../worlds/format.ts";
import { background, useBackground } from "../background.ts";
import type { LessonState } from "../state.ts";
import { sayRationality } from "./rationality.ts";

/** How the reward was found, and how good it is. */
export function Facts({
  state,
  world,
  inference,
}: {
  state: LessonState;
  world: Level;
  inference: Inference;
}) {
  const scores = useBackground(() => {
    // Where the horizon is infinite, to leave out each demonstration in turn takes minutes.
    if (!Number.isFinite(world.lattice.horizon)) return null;
    const { demonstrations, taste } = state.lesson.peek();
    const episodes = demonstrations.map(({ episode }) => episode);
    return background().scores(world.name, episodes, inference.weights, taste);
  }, [state, world, inference]);

  const { demonstrations, impossible, agreement, iterations, ms, gradientNorm } = inference;
  const { heldOut = null, taste = null } = scores ?? {};
  return (
    <dl class="facts">
      <dt>From</dt>
      <dd>
        {count(demonstrations, "demonstration")}
        {impossible > 0 && `. Left out: ${count(impossible, "step")} that the model cannot take`}
      </dd>
      <dt>Agrees</dt>
      <dd>{percent(agreement)} of your actions are the best ones under this reward</dd>
      {heldOut && (
        <>
          <dt>Predicts</dt>
          <dd>
            each move of a demonstration that was left out: {percent(heldOut.recovered)}. By chance:{" "}
            {percent(heldOut.chance)}
            {heldOut.task !== null &&
              `. If you liked nothing but being ${world.lattice.featureNames[world.lattice.task!]!}: ${percent(heldOut.task)}`}
          </dd>
        </>
      )}
      {taste && (
        <>
          <dt>Your taste</dt>
          <dd>walks by this map cost {taste.valueLost.toFixed(2)} more than the best walks</dd>
        </>
      )}
      {taste?.rationality && (
        <>
          <dt>Mistakes</dt>
          <dd>{sayRationality(taste.rationality)}</dd>
        </>
      )}
      <dt>Solved</dt>
      <dd>
        {iterations} iterations, {formatTime(ms)}, gradient {gradientNorm.toExponential(0)}
      </dd>
    </dl>
  );
}

const percent = (share: number) => `${Math.round(100 * share)} %`;
