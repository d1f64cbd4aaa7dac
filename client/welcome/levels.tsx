import type { Kind, Level } from "../../shared/worlds/level.ts";
import { Reached } from "../worlds/level-words.tsx";
import type { Record } from "../worlds/records.ts";

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
