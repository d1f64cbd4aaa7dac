import type { Level } from "../../shared/worlds/level.ts";
import { formatMeasure } from "./format.ts";
import "./level-words.css";
import type { Record } from "./records.ts";

/** The person's best on a level, and their learner's; nothing before there is any. */
export function Reached({
  world: { measure },
  record: { yours, learners },
}: {
  world: Level;
  record: Record;
}) {
  if (!yours && learners === null) return null;
  return (
    <span class="reached">
      {yours && <span class="expert">Your best so far: {yours.words}</span>}
      {learners !== null && (
        <span class="learner">
          Your best learner: {formatMeasure(learners, measure)} {measure.after}
        </span>
      )}
    </span>
  );
}

/** What a world teaches. */
export function LevelWords({ world }: { world: Level }) {
  return <p class="teaches">{world.teaches}</p>;
}
