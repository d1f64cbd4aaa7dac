import { kindOf } from "../shared/worlds/index.ts";
import type { Kind, Level } from "../shared/worlds/level.ts";
import { formatMeasure } from "./derived.ts";
import type { Record } from "./memory.ts";

/** The levels of a kind of world, as a row of buttons each. */
export function Levels({
  kind,
  records,
  disabled,
  look,
  begin,
}: {
  kind: Kind;
  /** What has been reached, by world. */
  records: Readonly<{ [world: string]: Record }>;
  disabled: boolean;
  /** Told the level that is pointed at or has the focus, and null once none is. */
  look: (level: Level | null) => void;
  begin: (level: Level) => void;
}) {
  return (
    <ol class="levels" aria-label={`Levels: ${kind.title}`}>
      {kind.levels.map((level, i) => (
        <li key={level.name}>
          <button
            type="button"
            class="level"
            disabled={disabled}
            onPointerEnter={() => look(level)}
            onPointerLeave={() => look(null)}
            onFocus={() => look(level)}
            onBlur={() => look(null)}
            onClick={() => begin(level)}
          >
            <span class="level-name">
              {i + 1} {level.title}
            </span>
            <Reached world={level} record={records[level.name]!} />
          </button>
        </li>
      ))}
    </ol>
  );
}

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
      {yours && <span class="expert">Best: {yours.words}</span>}
      {learners !== null && (
        <span class="learner">
          Learner: {formatMeasure(learners, measure)} {measure.after}
        </span>
      )}
    </span>
  );
}

/** Which level a world is, and what it teaches. */
export function LevelWords({ world }: { world: Level }) {
  const { levels } = kindOf(world);
  return (
    <p class="teaches">
      {levels.length > 1 && `Level ${levels.indexOf(world) + 1} of ${levels.length}. `}
      {world.teaches}
    </p>
  );
}
