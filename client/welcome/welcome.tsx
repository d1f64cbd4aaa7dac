import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { worlds } from "../../shared/worlds/index.ts";
import { beginIn, beginLevel } from "../course/begin.ts";
import type { CourseLevel } from "../course/course.ts";
import { keptStars, levelToPlay } from "../course/progress.ts";
import { Keeping, keptIn, Obstacle } from "../net/keeping.tsx";
import { lastLesson } from "../net/secrets.ts";
import { SpeakerButton } from "../sound/speaker.tsx";
import { type Command, useCommand } from "../ui/commands.tsx";
import { enterKey } from "../ui/keyboard.ts";
import { Notice } from "../ui/notice.tsx";
import { ThemeButton } from "../ui/theme.tsx";
import { Thumbnail } from "../worlds/thumbnail.tsx";
import { Levels } from "./levels.tsx";
import { Worlds } from "./worlds.tsx";

/** The front page: what this is, and a way in. */
export function Welcome({ open }: { open: (lesson: string) => void }) {
  const failure = useSignal<string | null>(null);
  const starting = useSignal(false);
  const enter = async (begin: () => Promise<string>) => {
    if (starting.value) return;
    starting.value = true;
    failure.value = null;
    try {
      open(await begin());
    } catch (error) {
      failure.value = (error as Error).message;
      starting.value = false;
    }
  };
  const available = !starting.value;
  const stars = useMemo(keptStars, []);
  const level = levelToPlay(stars);
  const play = useCommand({
    key: enterKey,
    label: "Play",
    available,
    run: () => void enter(() => beginLevel(level)),
  });
  const last = lastLesson();
  return (
    <main class="welcome front">
      <header>
        <p class="brand">DAgger Dojo</p>
        <SpeakerButton />
        <ThemeButton />
      </header>
      <h1>
        You drive. Your <span class="learner">clone</span> crashes. You teach it to stay on the
        road.
      </h1>
      <p class="lead">
        <span class="expert">Green is you.</span> <span class="learner">Orange is the learner</span>
        , a program that copies what you do.
      </p>
      <Obstacle />
      <div class="start">
        <div class="play-box">
          <PlayButton level={level} command={play} />
          {last && (
            <p>
              <a class="button" href={`?lesson=${last}`}>
                Go on with your last lesson
              </a>
            </p>
          )}
        </div>
        <Levels
          stars={stars}
          available={available}
          begin={(level) => void enter(() => beginLevel(level))}
        />
      </div>
      {failure.value && <Notice>{failure.value}</Notice>}
      <nav class="extras" aria-label="More pages">
        <a class="button" href="explorer.html">
          Find out what an expert wants
        </a>
        <a class="button" href="bc-vs-dagger.html">
          Cloning and DAgger compared
        </a>
        {keptIn === "server" && (
          <a class="button" href="class.html">
            Start a class, or join one
          </a>
        )}
      </nav>
      <Worlds available={available} begin={(world) => void enter(() => beginIn(world))} />
      <Keeping open={open} />
    </main>
  );
}

/** The one large button: the level that is to be played next. */
function PlayButton({
  level,
  command: { key, label, available, run },
}: {
  level: CourseLevel;
  command: Command;
}) {
  return (
    <button
      type="button"
      class="play"
      disabled={!available}
      aria-keyshortcuts={key.shortcut}
      onClick={run}
    >
      <Thumbnail world={worlds[level.world]!} />
      <span class="play-words">
        <b>
          {label} <kbd>{key.face}</kbd>
        </b>
        <span>{level.title}</span>
      </span>
    </button>
  );
}
