import { useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { World } from "../shared/worlds/world.ts";
import { Lost } from "./app.tsx";
import { Classroom, type Step, steps } from "./classroom.ts";
import { rememberLesson } from "./memory.ts";
import { Clone } from "./panels/clone.tsx";
import { Correct } from "./panels/correct/index.tsx";
import { Demonstrate } from "./panels/demonstrate.tsx";
import { Reward } from "./panels/reward.tsx";
import { Watch } from "./panels/watch.tsx";
import { isElsewhere } from "./play/controls.ts";
import type { StageScene } from "./stage/stage.ts";
import { ThemeButton } from "./theme.tsx";
import { ThumbPads } from "./thumb-pads.tsx";

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

export function LessonPage({ id }: { id: string }) {
  const room = useMemo(() => new Classroom(id), [id]);
  useEffect(() => () => room.leave(), [room]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isElsewhere(event))
        return;
      const step = steps[Number(event.key) - 1];
      if (step) room.go(step);
      else if (event.code === "KeyC") void room.train();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [room]);

  const failure = room.connection.failure.value;
  const world = room.world.value;
  useEffect(() => {
    if (!world) return;
    rememberLesson(id);
    document.title = `${world.title} – DAgger Dojo`;
  }, [id, world]);
  if (failure) return <Lost reason={failure} />;
  if (!world) {
    return (
      <main class="opening">
        <p role="status">Opening the lesson …</p>
      </main>
    );
  }

  const step = room.step.value;
  const Panel = panels[step];
  return (
    <div class="lesson">
      <header class="bar">
        <h1 class="brand">
          <a href="/">DAgger Dojo</a>
        </h1>
        <span class="bar-world">{world.title}</span>
        <Saved room={room} />
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
      <StageBox room={room} world={world} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be in reach of the keyboard */}
      <main class="panel" tabIndex={0}>
        {room.notice.value && (
          <p class="notice" role="alert">
            {room.notice.value}
          </p>
        )}
        <Panel room={room} world={world} />
      </main>
      <p class="hidden" role="status" aria-live="polite">
        {room.news.value}
      </p>
    </div>
  );
}

function Saved({ room }: { room: Classroom }) {
  const status = room.connection.status.value;
  return (
    <span class={`saved ${status}`} role="status">
      {status === "open" ? "saved" : status === "lost" ? "reconnecting …" : "connecting …"}
    </span>
  );
}

function StageBox({ room, world }: { room: Classroom; world: World }) {
  const host = useRef<HTMLDivElement>(null);
  const scene = useRef<StageScene | null>(null);
  useEffect(() => {
    let unmount = () => {};
    let gone = false;
    void import("./stage/stage.ts").then(({ mountStage }) => {
      if (gone) return;
      const stage = mountStage(host.current!, world, room.controls);
      stage.scene.activity = room.activity.peek();
      scene.current = stage.scene;
      unmount = stage.unmount;
    });
    return () => {
      gone = true;
      unmount();
    };
  }, [room, world]);
  useSignalEffect(() => {
    const activity = room.activity.value;
    if (scene.current) scene.current.activity = activity;
  });
  return (
    <section class="stage-box" aria-label="Stage">
      <p class="caption" aria-hidden="true">
        {room.caption.value}
      </p>
      <div
        class="stage"
        ref={host}
        role="img"
        aria-label={`${world.title}, seen from above. ${world.task}`}
      />
      <ThumbPads room={room} world={world} />
    </section>
  );
}
