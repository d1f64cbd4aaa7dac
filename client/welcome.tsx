import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { worlds } from "../shared/worlds/index.ts";
import type { World } from "../shared/worlds/world.ts";
import { open } from "./app.tsx";
import { createLesson } from "./connection.ts";
import { lastLesson } from "./memory.ts";
import { isElsewhere } from "./play/controls.ts";
import { ThemeButton } from "./theme.tsx";
import { Thumbnail } from "./thumbnail.tsx";

/** One of the world's tastes, by chance; null where it has none. */
function dealt({ tastes = {} }: World): string | null {
  const names = Object.keys(tastes);
  return names[crypto.getRandomValues(new Uint32Array(1))[0]! % names.length] ?? null;
}

/** The front page: what this is, and a way in. */
export function Welcome() {
  const failure = useSignal<string | null>(null);
  const starting = useSignal(false);
  const begin = async (world: World) => {
    if (starting.value) return;
    starting.value = true;
    failure.value = null;
    try {
      open(await createLesson({ world: world.name, taste: dealt(world) }));
    } catch (error) {
      failure.value =
        error instanceof TypeError ? "The server cannot be reached." : (error as Error).message;
      starting.value = false;
    }
  };

  useEffect(() => {
    // The stage's code is on its way while one still reads.
    void import("./stage/stage.ts");
    const press = (event: KeyboardEvent) => {
      const world = Object.values(worlds)[Number(event.key) - 1];
      if (world && !isElsewhere(event)) void begin(world);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);

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
      <ol class="doors">
        {Object.values(worlds).map((world, i) => (
          <li key={world.name}>
            <button
              type="button"
              class="door"
              disabled={starting.value}
              onClick={() => begin(world)}
            >
              <Thumbnail world={world} />
              <span class="door-words">
                <b>{world.title}</b>
                <span>{world.task}</span>
              </span>
              <kbd>{i + 1}</kbd>
            </button>
          </li>
        ))}
      </ol>
      {failure.value && (
        <p class="notice" role="alert">
          {failure.value}
        </p>
      )}
      <p>
        <a href="explorer.html">Or recover a reward from a few clicks on a grid</a>
      </p>
      {last && (
        <p>
          <a href={`?lesson=${last}`}>Go on with your last lesson</a>
        </p>
      )}
    </main>
  );
}
