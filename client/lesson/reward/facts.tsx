import type { Inference } from "../../../shared/lesson/lesson.ts";
import { count } from "../../../shared/plural.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { formatCost } from "../../../shared/worlds/measure.ts";
import { formatTime } from "../../worlds/format.ts";
import { background, useBackground } from "../background.ts";
import type { LessonState } from "../state.ts";
import { sayRationality } from "./rationality.ts";

/** How good a reward is that was found; null until that is computed, and where it takes too long. */
export function useScores(state: LessonState, world: Level, inference: Inference | null) {
  return useBackground(() => {
    // Where the horizon is infinite, to leave out each demonstration in turn takes minutes.
    if (!inference || !Number.isFinite(world.lattice.horizon)) return null;
    const { demonstrations, taste } = state.lesson.peek();
    const episodes = demonstrations.map(({ episode }) => episode);
    return background().scores(world.name, episodes, inference.weights, taste);
  }, [state, world, inference]);
}

type Scores = ReturnType<typeof useScores>;

/** How near the map comes to the taste that was dealt; nothing where none was. */
export function Found({ scores }: { scores: Scores }) {
  const taste = scores?.taste;
  if (!taste) return null;
  const cost = formatCost(taste.valueLost);
  return (
    <p class="found">
      {Number(cost) === 0
        ? "With this map the computer finds the best walks for your card."
        : `Walks that follow this map cost ${cost} more than the best walks for your card.`}
    </p>
  );
}

/**
 * How the reward was found, and how good it is.
 * @param isOwn whether it is from the lesson's own demonstrations alone, as the one that is tried on those left out
 */
export function Facts({
  world,
  inference,
  scores,
  isOwn,
}: {
  world: Level;
  inference: Inference;
  scores: Scores;
  isOwn: boolean;
}) {
  const { demonstrations, impossible, agreement, iterations, ms, gradientNorm } = inference;
  const { heldOut = null, taste = null } = scores ?? {};
  const actions = isOwn ? "your actions" : "your actions here";
  return (
    <dl class="facts">
      <dt>From</dt>
      <dd>
        {count(demonstrations, "demonstration")}
        {impossible > 0 && `. Left out: ${count(impossible, "step")} that the model cannot take`}
      </dd>
      <dt>Agrees</dt>
      <dd>
        {percent(agreement)} of {actions} are the best ones under this reward
      </dd>
      {isOwn && heldOut && (
        <>
          <dt>Predicts</dt>
          <dd>
            {percent(heldOut.recovered)} of the moves of a demonstration that was left out. By
            chance: {percent(heldOut.chance)}
            {heldOut.task !== null &&
              `. If you only liked being ${world.lattice.featureNames[world.lattice.task!]!}: ${percent(heldOut.task)}`}
          </dd>
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
