import { worlds } from "../shared/worlds/index.ts";
import { type Door, doors, type Level } from "../shared/worlds/levels.ts";
import type { World } from "../shared/worlds/world.ts";
import { formatMeasure } from "./derived.ts";
import type { Record } from "./memory.ts";

/** The levels behind a door, as a row of buttons each. */
export function Levels({
  door,
  records,
  disabled,
  look,
  begin,
}: {
  door: Door;
  /** What has been reached, by world. */
  records: Readonly<{ [world: string]: Record }>;
  disabled: boolean;
  /** Told the level that is pointed at or has the focus, and null once none is. */
  look: (level: Level | null) => void;
  begin: (world: World) => void;
}) {
  return (
    <ol class="levels" aria-label={`Levels: ${door.title}`}>
      {door.levels.map((level, i) => {
        const world = worlds[level.world]!;
        return (
          <li key={level.world}>
            <button
              type="button"
              class="level"
              disabled={disabled}
              onPointerEnter={() => look(level)}
              onPointerLeave={() => look(null)}
              onFocus={() => look(level)}
              onBlur={() => look(null)}
              onClick={() => begin(world)}
            >
              <span class="level-name">
                {i + 1} {world.title}
              </span>
              <Reached world={world} record={records[level.world]!} />
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/** The person's best on a level, and their learner's; nothing before there is any. */
export function Reached({
  world: { measure },
  record: { yours, learners },
}: {
  world: World;
  record: Record;
}) {
  if (!yours && learners === null) return null;
  return (
    <span class="reached">
      {yours && <span class="expert">Best: {yours.words}</span>}
      {learners !== null && (
        <span class="learner">
          Learner: {formatMeasure(learners, measure)}{" "}
          {measure.format === "distance" ? "off" : measure.name}
        </span>
      )}
    </span>
  );
}

/** Which level a world is, and what it teaches. */
export function LevelWords({ world }: { world: World }) {
  const door = doors.find(({ levels }) => levels.some((level) => level.world === world.name));
  if (!door) return null;
  const i = door.levels.findIndex((level) => level.world === world.name);
  const { length } = door.levels;
  return (
    <p class="teaches">
      {length > 1 && `Level ${i + 1} of ${length}. `}
      {door.levels[i]!.teaches}
    </p>
  );
}
