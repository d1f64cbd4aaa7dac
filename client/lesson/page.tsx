import { useSignal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { isPlanned, leaves } from "../../shared/lesson/locks.ts";
import { lessonId } from "../../shared/lesson/protocol.ts";
import { type Step, steps } from "../../shared/lesson/steps.ts";
import { nameLevel } from "../course/course.ts";
import { levelOf } from "../course/progress.ts";
import { rememberLesson } from "../net/secrets.ts";
import type { LessonSession } from "../net/session.ts";
import { SpeakerButton } from "../sound/speaker.tsx";
import { SignButton, useCommand } from "../ui/commands.tsx";
import { digitKey, letterKey, signKey } from "../ui/keyboard.ts";
import { Notice } from "../ui/notice.tsx";
import { ThemeButton } from "../ui/theme.tsx";
import { keepLearner } from "../worlds/records.ts";
import { Clone } from "./clone/clone.tsx";
import { Code } from "./code/code.tsx";
import { LessonController } from "./controller.ts";
import { Correct } from "./correct/correct.tsx";
import { CourseGoal, LevelLine } from "./course-goal.tsx";
import { Demonstrate } from "./demonstrate/demonstrate.tsx";
import { focusPanel, freeKeys } from "./focus.ts";
import { toldOf } from "./headline.ts";
import { Help } from "./help.tsx";
import type { Leading } from "./leading.ts";
import { Lost } from "./lost.tsx";
import { Notes } from "./notes.tsx";
import { Notices, Saved } from "./notices.tsx";
import { Reward } from "./reward/reward.tsx";
import { StageBox } from "./stage-box.tsx";
import type { Panel } from "./state.ts";
import { Watch } from "./watch/watch.tsx";

const titles: Record<Step, string> = {
  demonstrate: "Demonstrate",
  clone: "Clone",
  watch: "Watch",
  correct: "Correct",
  reward: "Reward",
};

const panels: Readonly<Record<Step, Panel>> = {
  demonstrate: Demonstrate,
  clone: Clone,
  watch: Watch,
  correct: Correct,
  reward: Reward,
};

interface LessonPageProps {
  readonly id: string;
  readonly open: (lesson: string) => void;
  /** Whose task the lesson is, above its panel; then nothing leads out of the page. */
  readonly Task?: FunctionComponent<TaskProps>;
  /** Whoever leads the lesson; null where nobody does. The same always: with another the lesson would be opened anew. */
  readonly leading?: Leading | null;
}

export interface TaskProps {
  readonly session: LessonSession;
}

/** The lesson at an address, if it is one. */
export function LessonAt(props: LessonPageProps) {
  if (!lessonId.safeParse(props.id).success)
    return <Lost reason="This is not the address of a lesson." />;
  return <LessonPage {...props} />;
}

function LessonPage({ id, open, Task, leading = null }: LessonPageProps) {
  const controller = useMemo(() => new LessonController(id, open, leading), [id, open, leading]);
  const code = useSignal(false);
  const help = useSignal(false);
  useEffect(() => () => controller.leave(), [controller]);
  useEffect(() => {
    addEventListener("click", giveBackKeys);
    return () => removeEventListener("click", giveBackKeys);
  }, []);
  const goTo = steps.map((name, i) =>
    useCommand(
      {
        key: digitKey(i + 1),
        label: titles[name],
        available: controller.allows(name),
        run: () => controller.go(name),
      },
      "page",
    ),
  );
  useCommand(
    {
      key: letterKey("C"),
      label: "Clone",
      available: controller.mayTrain.value,
      run: () => void controller.train(),
    },
    "page",
  );
  const showCode = useCommand(
    {
      key: letterKey("P"),
      label: "Show the code",
      available: true,
      run() {
        code.value = !code.peek();
      },
    },
    "page",
  );
  const showKeys = useCommand(
    {
      key: signKey("?"),
      label: "Keys",
      available: true,
      run() {
        help.value = true;
      },
    },
    "page",
  );

  const panel = useRef<HTMLElement>(null);
  const step = controller.step.value;
  // Each step begins at its top.
  useLayoutEffect(() => panel.current?.scrollTo(0, 0), [step]);
  const failure = controller.session.failure.value;
  const owner = controller.owner.value;
  const world = controller.world.value;
  useEffect(() => {
    if (!world) return;
    // Whoever looks on keeps their own lesson, and their own record.
    if (owner && !Task) rememberLesson(id);
    document.title = `${world.title} – DAgger Dojo`;
  }, [id, world, owner, Task]);
  // What had the focus on the page before is gone, as is what goes from the panel or cannot be pressed any more.
  useEffect(() => {
    const arrived = panel.current;
    if (!world || !arrived) return;
    const arrive = () => {
      // Behind an open dialog nothing can have the focus.
      if (document.querySelector("dialog:modal")) return;
      const focused = document.activeElement;
      if (focused === document.body || focused?.matches(":disabled")) focusPanel(arrived);
    };
    arrive();
    const observer = new MutationObserver(arrive);
    observer.observe(arrived, { subtree: true, childList: true, attributeFilter: ["disabled"] });
    return () => observer.disconnect();
  }, [world, failure]);
  const newest = controller.lesson.value.rounds.at(-1);
  useEffect(() => {
    // Without them a road's learner is told of in crashes, which cannot be compared with laps.
    if (!world || !newest || !owner || (world.canFall && !newest.endurance)) return;
    const told = toldOf(world, newest);
    const of = newest.endurance ? told.unit : world.measure.after;
    keepLearner(world, { ...told, words: `${told.words} ${of}` });
  }, [world, newest?.seq, owner]);
  if (failure) return <Lost {...failure} />;
  if (!world) {
    return <Opening obstacle={controller.session.obstacle.value} />;
  }

  const level = levelOf(id);
  const Panel = panels[step];
  const lesson = controller.lesson.value;
  const shownSteps = steps.filter((name) => isPlanned(lesson, name));
  const panelProps = { state: controller, on: controller, world, controls: controller.controls };
  return (
    <div class="lesson">
      <header class="bar">
        <div class="bar-title">
          <h1 class="brand">{Task ? "DAgger Dojo" : <a href="./">DAgger Dojo</a>}</h1>
          <span class="bar-world">{level ? nameLevel(level) : world.title}</span>
          <Saved session={controller.session} />
        </div>
        <SignButton command={showCode} expanded={code.value}>
          {"{ }"}
        </SignButton>
        <SignButton command={showKeys}>?</SignButton>
        <SpeakerButton />
        <ThemeButton />
      </header>
      <nav class="steps" aria-label="Steps of the lesson">
        <ol>
          {shownSteps.map((name) => {
            const { key, label, available, run } = goTo[steps.indexOf(name)]!;
            return (
              <li key={name}>
                <button
                  type="button"
                  aria-current={name === step ? "step" : undefined}
                  aria-keyshortcuts={key.shortcut}
                  disabled={!available}
                  title={controller.heldAt(name) ?? undefined}
                  onClick={run}
                >
                  <kbd>{key.face}</kbd> {label}
                </button>
              </li>
            );
          })}
        </ol>
      </nav>
      <StageBox {...panelProps} paused={help.value || (leading?.isStopped() ?? false)} />
      {code.value && (
        <Code
          step={controller.roundStep.value}
          close={() => {
            code.value = false;
          }}
        />
      )}
      {help.value && (
        <Help
          lesson={id}
          session={controller.session}
          world={world}
          close={() => {
            help.value = false;
          }}
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be in reach of the keyboard */}
      <main class="panel" tabIndex={0} ref={panel}>
        {/* Where one answers, each line counts; what is used of the goal is told there anyway. */}
        {step !== "correct" && <LevelLine state={controller} />}
        {Task && <Task session={controller.session} />}
        <Notices session={controller.session} state={controller} lesson={id} />
        <Panel {...panelProps} />
        {/* What is told of a round, or of a map, is told where one looks at it, and not before. */}
        {step !== "watch" && step !== "reward" && <CourseGoal state={controller} on={controller} />}
        {leaves(lesson, "notes") && <Notes state={controller} on={controller} titles={titles} />}
      </main>
      <p class="hidden" role="status" aria-live="polite">
        {controller.news.value}
      </p>
    </div>
  );
}

/** While the lesson comes, as the page says that waits for this one, and why it does not come. */
function Opening({ obstacle }: { obstacle: string | null }) {
  return (
    <main class="opening">
      {obstacle ? (
        <>
          <h1>The lesson is not open yet</h1>
          <Notice>{obstacle} The page keeps trying.</Notice>
          <p>
            <a href="./">To the front page</a>
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
  const control = target.closest("button, summary, input[type=radio]");
  if (control) freeKeys(control);
}
