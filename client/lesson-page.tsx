import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { lessonId } from "../shared/lesson/protocol.ts";
import { type Step, steps } from "../shared/lesson/steps.ts";
import type { Level } from "../shared/worlds/level.ts";
import { Classroom } from "./classroom.ts";
import { mean } from "./derived.ts";
import { Help } from "./help.tsx";
import { Hints } from "./hints.ts";
import { Lost } from "./lost.tsx";
import { isSecretKept, keepLearners, rememberLesson } from "./memory.ts";
import { Notes } from "./notes.tsx";
import { Clone } from "./panels/clone.tsx";
import { Code } from "./panels/code.tsx";
import { Correct } from "./panels/correct/index.tsx";
import { Demonstrate } from "./panels/demonstrate.tsx";
import { Reward } from "./panels/reward.tsx";
import { Watch } from "./panels/watch.tsx";
import { isElsewhere } from "./play/controls.ts";
import type { StageScene } from "./stage/stage.ts";
import { ThemeButton } from "./theme.tsx";
import { workerFailed } from "./thinking.ts";
import { ThumbPads } from "./thumb-pads.tsx";
import { Thumbnail } from "./thumbnail.tsx";
import { presentationOf } from "./worlds/index.ts";

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

function Saved({ room }: { room: Classroom }) {
  const { status, owner, trouble, unsent, unkept } = room.connection;
  const waiting = trouble.value !== null || unkept.value > 0;
  const where = unkept.value > 0 ? "not saved" : "kept here";
  const words = {
    connecting: "connecting …",
    lost: unsent.value > 0 ? `reconnecting … ${unsent.value} ${where}` : "reconnecting …",
    open: waiting ? "not saved yet" : owner.value ? "saved" : "looking on",
  };
  const state = waiting ? "lost" : status.value;
  return (
    <span class={`saved ${state}`} role="status">
      {words[status.value]}
    </span>
  );
}

/** What has to be said whatever the step is. */
function Notices({ room, lesson }: { room: Classroom; lesson: string }) {
  const { owner, status, obstacle, trouble, mishap, unsent, unkept } = room.connection;
  const kept = unsent.value > 0 && unkept.value === 0;
  return (
    <>
      {unkept.value > 0 && (
        <p class="notice" role="alert">
          <b>Do not close this page until it says “saved”.</b> This browser keeps nothing more: its
          storage is full, or not allowed. What you did last is in this page only.
        </p>
      )}
      {status.value === "lost" && (unsent.value > 0 || obstacle.value) && (
        <p class="notice" role="status">
          {obstacle.value ?? "The server cannot be reached."}{" "}
          {kept
            ? "What you did is kept in this browser, and goes on once it can."
            : "The page goes on trying."}
        </p>
      )}
      {owner.value && !isSecretKept(lesson) && (
        <p class="notice" role="status">
          Only this page can teach in this lesson: the browser's storage is full, or not allowed.
          Press <b>?</b> and keep the link to teach before you close it.
        </p>
      )}
      {!owner.value && (
        <p class="looking">
          You are looking on: only who began this lesson can teach in it.{" "}
          <a href="/">Start your own</a>
        </p>
      )}
      {trouble.value && (
        <p class="notice" role="alert">
          {trouble.value}{" "}
          {kept
            ? "What you did is kept in this browser, which goes on trying."
            : "The page goes on trying."}
        </p>
      )}
      {mishap.value && (
        <p class="notice" role="alert">
          Something you did before this page was opened could not be stored: {mishap.value}
        </p>
      )}
      {workerFailed.value && (
        <p class="notice" role="alert">
          What works out maps and arrows could not be fetched; load the page again.
        </p>
      )}
      {room.notice.value && (
        <p class="notice" role="alert">
          {room.notice.value}
        </p>
      )}
    </>
  );
}

/** What to do next, for whoever has never done it. */
function Nudge({ room }: { room: Classroom }) {
  const hints = useMemo(() => new Hints(room), [room]);
  useEffect(() => hints.watch(), [hints]);
  return (
    <p class="nudge" role="status">
      {hints.said.value}
    </p>
  );
}

function StageBox(props: { room: Classroom; world: Level; paused: boolean }) {
  const { room, world, paused } = props;
  const host = useRef<HTMLDivElement>(null);
  const scene = useRef<StageScene | null>(null);
  const drawn = useSignal(false);
  useEffect(() => {
    let unmount = () => {};
    let gone = false;
    import("./stage/stage.ts").then(
      ({ mountStage }) => {
        if (gone) return;
        const stage = mountStage(host.current!, world, room.controls);
        stage.scene.activity = room.activity.peek();
        scene.current = stage.scene;
        drawn.value = true;
        unmount = stage.unmount;
      },
      () => {
        room.notice.value = "The stage could not be fetched; load the page again.";
      },
    );
    return () => {
      gone = true;
      unmount();
    };
  }, [room, world]);
  useEffect(() => {
    if (scene.current) scene.current.paused = paused;
  }, [paused, drawn.value]);
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
        aria-label={`${world.title}, ${presentationOf(world).words.seen}. ${world.task}`}
      />
      {!drawn.value && (
        <div class="shell">
          <Thumbnail world={world} />
        </div>
      )}
      <Nudge room={room} />
      <ThumbPads room={room} world={world} />
    </section>
  );
}
