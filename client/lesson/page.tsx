import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { mean } from "../../shared/imitation/statistics.ts";
import { lessonId } from "../../shared/lesson/protocol.ts";
import { type Step, steps } from "../../shared/lesson/steps.ts";
import { rememberLesson } from "../net/secrets.ts";
import { isElsewhere } from "../ui/keyboard.ts";
import { ThemeButton } from "../ui/theme.tsx";
import { keepLearners } from "../worlds/records.ts";
import { Classroom } from "./classroom.ts";
import { Clone } from "./clone/clone.tsx";
import { Code } from "./code/code.tsx";
import { Correct } from "./correct/correct.tsx";
import { Demonstrate } from "./demonstrate/demonstrate.tsx";
import { Help } from "./help.tsx";
import { Lost } from "./lost.tsx";
import { Notes } from "./notes.tsx";
import { Notices, Saved } from "./notices.tsx";
import { Reward } from "./reward/reward.tsx";
import { StageBox } from "./stage-box.tsx";
import { Watch } from "./watch/watch.tsx";

const titles: Record<Step, string> = {
  demonstrate: "Demonstrate",
  clone: "Clone",
  watch: "Watch",
  correct: "Correct",
  reward: "Reward",
};

const panels = {
  demonstrate: Demonstrate,
  clone: Clone,
  watch: Watch,
  correct: Correct,
  reward: Reward,
};

/** The lesson at an address, if it is one. */
export function LessonAt({ id }: { id: string }) {
  if (!lessonId.safeParse(id).success)
    return <Lost reason="This is not the address of a lesson." />;
  return <LessonPage id={id} />;
}

function LessonPage({ id }: { id: string }) {
  const room = useMemo(() => new Classroom(id), [id]);
  const code = useSignal(false);
  const help = useSignal(false);
  useEffect(() => () => room.leave(), [room]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.repeat || isElsewhere(event)) return;
      const step = steps[Number(event.key) - 1];
      if (step) room.go(step);
      else if (event.code === "KeyC") void room.train();
      else if (event.code === "KeyP") code.value = !code.peek();
      else if (event.key === "?") help.value = true;
    };
    addEventListener("keydown", press);
    addEventListener("click", giveBackKeys);
    return () => {
      removeEventListener("keydown", press);
      removeEventListener("click", giveBackKeys);
    };
  }, [room, code, help]);

  const panel = useRef<HTMLElement>(null);
  const step = room.step.value;
  // Each step begins at its top.
  useLayoutEffect(() => panel.current?.scrollTo(0, 0), [step]);
  const failure = room.connection.failure.value;
  const owner = room.connection.owner.value;
  const world = room.world.value;
  useEffect(() => {
    if (!world) return;
    // Whoever looks on keeps their own lesson, and their own record.
    if (owner) rememberLesson(id);
    document.title = `${world.title} – DAgger Dojo`;
  }, [id, world, owner]);
  const heldOut = room.lesson.value.rounds.at(-1)?.heldOut;
  useEffect(() => {
    if (world && heldOut && owner) keepLearners(world, mean(heldOut));
  }, [world, heldOut, owner]);
  if (failure) return <Lost {...failure} />;
  if (!world) {
    return <Opening room={room} />;
  }

  const Panel = panels[step];
  return (
    <div class="lesson">
      <header class="bar">
        <h1 class="brand">
          <a href="/">DAgger Dojo</a>
        </h1>
        <span class="bar-world">{world.title}</span>
        <Saved room={room} />
        <button
          type="button"
          class="quiet"
          title="Show the code: P"
          aria-label="Show the code"
          aria-keyshortcuts="P"
          aria-expanded={code.value}
          onClick={() => {
            code.value = !code.peek();
          }}
        >
          <span aria-hidden="true">{"{ }"}</span>
        </button>
        <button
          type="button"
          class="quiet"
          title="The keys: ?"
          aria-label="Keys"
          aria-keyshortcuts="?"
          onClick={() => {
            help.value = true;
          }}
        >
          <span aria-hidden="true">?</span>
        </button>
        <ThemeButton />
      </header>
      <nav class="steps" aria-label="Steps of the lesson">
        <ol>
          {steps.map((name, i) => (
            <li key={name}>
              <button
                type="button"
                aria-current={name === step ? "step" : undefined}
                disabled={!room.allows(name)}
                onClick={() => room.go(name)}
              >
                <kbd>{i + 1}</kbd> {titles[name]}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <StageBox room={room} world={world} paused={help.value} />
      {code.value && (
        <Code
          room={room}
          close={() => {
            code.value = false;
          }}
        />
      )}
      {help.value && (
        <Help
          lesson={id}
          world={world}
          step={step}
          close={() => {
            help.value = false;
          }}
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be in reach of the keyboard */}
      <main class="panel" tabIndex={0} ref={panel}>
        <Notices room={room} lesson={id} />
        <Panel room={room} world={world} />
        <Notes room={room} titles={titles} />
      </main>
      <p class="hidden" role="status" aria-live="polite">
        {room.news.value}
      </p>
    </div>
  );
}

/** While the lesson comes, as the page says that waits for this one, and why it does not come. */
function Opening({ room }: { room: Classroom }) {
  const obstacle = room.connection.obstacle.value;
  return (
    <main class="opening">
      {obstacle ? (
        <>
          <h1>The lesson is not open yet</h1>
          <p class="notice" role="alert">
            {obstacle} The page goes on trying.
          </p>
          <p>
            <a href="/">To the front page</a>
          </p>
        </>
      ) : (
        <p role="status">Opening the lesson …</p>
      )}
    </main>
  );
}

/** A control that was chosen with a pointer leaves the keys to the stage. */
function giveBackKeys({ target, detail }: MouseEvent): void {
  if (detail === 0 || !(target instanceof Element) || target.closest("dialog")) return;
  target.closest<HTMLElement>("button, summary, input[type=radio]")?.blur();
}
