import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { kinds } from "../../shared/worlds/index.ts";
import type { Kind, Level } from "../../shared/worlds/level.ts";
import { Keeping, Obstacle } from "../net/keeping.tsx";
import { createLesson } from "../net/new-lesson.ts";
import { lastLesson } from "../net/secrets.ts";
import { type Command, useCommand } from "../ui/commands.tsx";
import { digitKey } from "../ui/keyboard.ts";
import { Notice } from "../ui/notice.tsx";
import { ThemeButton } from "../ui/theme.tsx";
import { Reached } from "../worlds/level-words.tsx";
import { recordOf } from "../worlds/records.ts";
import { Thumbnail } from "../worlds/thumbnail.tsx";
import { Levels } from "./levels.tsx";

/** One of the world's tastes, by chance; null where it has none. */
function dealt({ tastes = {} }: Level): string | null {
  const names = Object.keys(tastes);
  return names[crypto.getRandomValues(new Uint32Array(1))[0]! % names.length] ?? null;
}

/** The front page: what this is, and a way in. */
export function Welcome({ open }: { open: (lesson: string) => void }) {
  const failure = useSignal<string | null>(null);
  const starting = useSignal(false);
  const begin = async (world: Level) => {
    if (starting.value) return;
    starting.value = true;
    failure.value = null;
    try {
      open(await createLesson({ world: world.name, taste: dealt(world) }));
    } catch (error) {
      failure.value = (error as Error).message;
      starting.value = false;
    }
  };

  const doors = kinds.map((kind, i) =>
    useCommand({
      key: digitKey(i + 1),
      label: kind.title,
      available: !starting.value,
      run: () => void begin(kind.levels[0]),
    }),
  );
  const last = lastLesson();
  return (
    <main class="welcome">
      <header>
        <p class="brand">DAgger Dojo</p>
        <ThemeButton />
      </header>
      <h1>
        Teach a <span class="learner">learner</span> by showing, then by correcting.
      </h1>
      <p class="lead">
        You are the <span class="expert">expert</span>: drive, watch the copy of you drift off, tell
        it what you would have done, and see the reward that you were after all along.
      </p>
      <Obstacle />
      <ol class="doors">
        {kinds.map((kind, i) => (
          <li key={kind.name}>
            <DoorCard kind={kind} command={doors[i]!} begin={begin} />
          </li>
        ))}
      </ol>
      {failure.value && <Notice>{failure.value}</Notice>}
      <Keeping open={open} />
      <p>
        <a href="explorer.html">Or recover a reward from a few clicks on a grid</a>
      </p>
      <p>
        <a href="bc-vs-dagger.html">Or watch cloning and DAgger drive the same road</a>
      </p>
      {last && (
        <p>
          <a href={`?lesson=${last}`}>Go on with your last lesson</a>
        </p>
      )}
    </main>
  );
}

/** A kind of world: its picture and words are those of the level that is pointed at, of the first while none is. */
function DoorCard({
  kind,
  command,
  begin,
}: {
  kind: Kind;
  command: Command;
  begin: (world: Level) => void;
}) {
  const looked = useSignal<Level | null>(null);
  const records = useMemo(
    () => Object.fromEntries(kind.levels.map(({ name }) => [name, recordOf(name)])),
    [kind],
  );
  const [first] = kind.levels;
  const world = looked.value ?? first;
  const several = kind.levels.length > 1;
  return (
    <div class="door">
      <button
        type="button"
        class="door-main"
        disabled={!command.available}
        aria-keyshortcuts={command.key.shortcut}
        onClick={command.run}
      >
        <Thumbnail world={world} />
        <span class="door-words">
          <b>{kind.title}</b>
          <span>{world.task}</span>
          <span class="teaches">{world.teaches}</span>
          {!several && <Reached world={world} record={records[first.name]!} />}
        </span>
        <kbd>{command.key.face}</kbd>
      </button>
      {several && (
        <Levels
          kind={kind}
          records={records}
          disabled={!command.available}
          look={(level) => {
            looked.value = level;
          }}
          begin={begin}
        />
      )}
    </div>
  );
}
