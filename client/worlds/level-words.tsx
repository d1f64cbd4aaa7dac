import type { Level } from "../../shared/worlds/level.ts";
import "./level-words.css";
import type { Record } from "./records.ts";

/** The person's best on a level, and their learner's; nothing before there is any. */
export function Reached({ record: { yours, learner } }: { record: Record }) {
  if (!yours && !learner) return null;
  return (
    <span class="reached">
      {yours && <span class="expert">Your best so far: {yours.words}</span>}
      {learner && <span class="learner">Your best learner: {learner.words}</span>}
    </span>
  );
}

/** What a world teaches. */
export function LevelWords({ world }: { world: Level }) {
  return <p class="teaches">{world.teaches}</p>;
}
