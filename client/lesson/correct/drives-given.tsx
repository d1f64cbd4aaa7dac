import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
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
  /** What is said before the first; nothing is where one is under way. */
  readonly none: string | null;
}) {
  return (
    <>
      <h3>
        Drives in this round <span class="count">{drives.length}</span>
      </h3>
      {drives.length === 0 ? (
        none && <p class="quiet-text">{none}</p>
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

/**
 * Whether the drive on the stage is among those `given`. Once it is taken back, it leaves the screen.
 * @param prepare puts another on the stage
 */
export function useKept(
  { length }: readonly Intervention[],
  isOver: boolean,
  prepare: () => void,
): boolean {
  const others = useRef(length);
  const before = useRef(length);
  if (!isOver) others.current = length;
  useLayoutEffect(() => {
    if (isOver && length < before.current) prepare();
    before.current = length;
  }, [length]);
  return isOver && length > others.current;
}

/** Answers in a drive; 0 where there is none. */
export function answersOf(drive: Intervention | undefined): number {
  return drive ? labelsIn(drive.episode.controllers) : 0;
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

/**
 * That the person crashed in the drive that is just over; null where they did not.
 * @param undo whether it can be taken back
 */
export function sayOwnFalls(falls: number, undo: boolean): string | null {
  if (falls === 0) return null;
  const often = falls === 1 ? "" : ` ${falls} times`;
  return `You crashed${often} while you drove. The learner learns that, too.${undo ? " Take it back?" : ""}`;
}

export function sayEpisode(world: Level, { controllers }: Episode): string {
  const long = sayLength(world, controllers.length);
  return `${long}, ${count(takeoversIn(controllers), "takeover")}, ${count(labelsIn(controllers), "answer")}`;
}
