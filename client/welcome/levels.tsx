import type { CourseLevel } from "../course/course.ts";
import { course } from "../course/course.ts";
import type { Stars } from "../course/progress.ts";
import { StarRow } from "../course/stars.tsx";
import { type Command, useCommand } from "../ui/commands.tsx";
import { digitKey } from "../ui/keyboard.ts";

/** The levels, each with its key, its idea and its stars. */
export function Levels({
  stars,
  available,
  begin,
}: {
  stars: Stars;
  available: boolean;
  begin: (level: CourseLevel) => void;
}) {
  const commands = course.map((level, i) =>
    useCommand({
      key: digitKey(i + 1),
      label: level.title,
      available,
      run: () => begin(level),
    }),
  );
  return (
    <ol class="course" aria-label="Levels">
      {course.map((level, i) => (
        <li key={level.name}>
          <LevelButton level={level} stars={stars[level.name] ?? 0} command={commands[i]!} />
        </li>
      ))}
    </ol>
  );
}

function LevelButton({
  level: { title, idea },
  stars,
  command: { key, available, run },
}: {
  level: CourseLevel;
  stars: number;
  command: Command;
}) {
  return (
    <button
      type="button"
      class="course-level"
      disabled={!available}
      aria-keyshortcuts={key.shortcut}
      onClick={run}
    >
      <span class="number" aria-hidden="true">
        {key.face}
      </span>
      <span class="course-words">
        <b>{title}</b>
        <span>{idea}</span>
      </span>
      <StarRow reached={stars} />
    </button>
  );
}
