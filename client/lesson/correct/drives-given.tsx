import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Intervention } from "../../../shared/lesson/lesson.ts";
import { count } from "../../../shared/plural.ts";
import { policyOf } from "../../../shared/policies/index.ts";
import type { Policy } from "../../../shared/policies/policy.ts";
import type { Episode } from "../../../shared/worlds/episode.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { sayLength } from "../../worlds/format.ts";
import type { LessonActions } from "../state.ts";
import { labelsIn, takeoversIn } from "./one-wheel.ts";

/** The drives of this round in which the person had the wheel. */
export function DrivesGiven({
  drives,
  world,
  none,
}: {
  readonly drives: readonly Intervention[];
  readonly world: Level;
  /** What is said before the first. */
  readonly none: string;
}) {
  return (
    <>
      <h3>
        Drives in this round <span class="count">{drives.length}</span>
      </h3>
      {drives.length === 0 ? (
        <p class="quiet-text">{none}</p>
      ) : (
        <ol class="episodes">
          {drives.map(({ seq, episode }) => (
            <li key={seq}>
              <span class="episode-words">{sayEpisode(world, episode)}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

/** What round number `round` learned, as a policy that drives here; null until it has come. */
export function useLearner(on: LessonActions, round: number): Policy | null {
  const learner = useSignal<Policy | null>(null);
  useEffect(() => {
    let gone = false;
    void on.policy().then((learned) => {
      // Where another round has been trained meanwhile, this is called again for that one.
      if (gone || !learned || learned.round !== round) return;
      learner.value = policyOf(JSON.parse(learned.json));
    });
    return () => {
      gone = true;
      learner.value = null;
    };
  }, [on, round, learner]);
  return learner.value;
}

export function sayEpisode(world: Level, { controllers }: Episode): string {
  const long = sayLength(world, controllers.length);
  return `${long}, ${count(takeoversIn(controllers), "takeover")}, ${count(labelsIn(controllers), "answer")}`;
}
