import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { count } from "../../../shared/plural.ts";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { escapeKey, letterKey } from "../../ui/keyboard.ts";
import { Notice } from "../../ui/notice.tsx";
import { ThemeButton } from "../../ui/theme.tsx";
import { addressOf } from "../address.ts";
import type { ClassConnection } from "../connection.ts";
import { guessingIn, withoutNewest } from "../guessing.ts";
import { JoinBox } from "../join-box.tsx";
import { classSecret } from "../kept.ts";
import { LearnerView } from "../learner/learner-view.tsx";
import { Ready } from "../ready.tsx";
import type { Traces } from "../traces.ts";
import { useClass } from "../use-class.ts";
import type { ClassView } from "../view.ts";
import { ProgressChart } from "./progress-chart.tsx";
import { Roads } from "./roads.tsx";
import { Shown } from "./shown.tsx";
import { TimeLeft } from "./time-left.tsx";
import { WhereaboutsList } from "./whereabouts.tsx";
import "./wall.css";

/** What the projector shows: everybody's learner, how far they get, and who is where. */
export function WallPage({ id }: { id: string }) {
  const { connection, traces } = useClass({ class: id });
  const view = connection.view.value;
  const { failure, obstacle } = connection;
  if (failure.value)
    return (
      <main class="lost">
        <h1>This class cannot be shown</h1>
        <p>{failure.value}</p>
        <p>
          <a href="class.html">To the start of a class</a>
        </p>
      </main>
    );
  if (!view)
    return (
      <main class="opening">
        {obstacle.value ? <Notice>{obstacle.value}</Notice> : <p role="status">Opening …</p>}
      </main>
    );
  return <Wall id={id} view={view} connection={connection} traces={traces} />;
}

function Wall({
  id,
  view,
  connection,
  traces,
}: {
  id: string;
  view: ClassView;
  connection: ClassConnection;
  traces: Traces;
}) {
  const { pupils, isEnded, shown } = view;
  /** Whom one does not wait for any more, with the learner that they had not guessed about. */
  const hasty = useSignal<ReadonlySet<string>>(new Set());
  const learnersOf = (numbers: Iterable<number>) =>
    [...numbers].map(
      (number) => `${number} ${pupils.find((one) => one.number === number)?.trained}`,
    );
  const guessing = useMemo(() => {
    const all = [...guessingIn(view)];
    return new Set(all.filter((number) => !hasty.value.has(learnersOf([number])[0]!)));
  }, [view, hasty.value]);
  const seen = useMemo(() => withoutNewest(view, guessing), [view, guessing]);
  const code = view.isShut ? "" : view.code;
  /** What was asked for; null leaves it to the class. */
  const asked = useSignal<"roads" | "code" | "learner" | null>(null);
  /** The pupil whose tile is large; null where all are alike. */
  const enlarged = useSignal<number | null>(null);
  const isTimeUp = connection.isTimeUp.value;
  const shownPupil = pupils.find(({ number }) => number === shown);
  const now = shownPupil
    ? "shown"
    : (asked.value ?? (pupils.length === 0 && code !== "" ? "code" : "roads"));
  useEffect(() => {
    document.title = `${view.title} – the wall`;
  }, [view.title]);
  const ask = (what: "code" | "learner") => () => {
    asked.value = asked.peek() === what ? "roads" : what;
  };
  const showCode = useCommand({
    key: letterKey("J"),
    label: now === "code" ? "Show everybody" : "Show how to join",
    available: code !== "" && now !== "shown",
    run: ask("code"),
  });
  const showLearner = useCommand({
    key: letterKey("L"),
    label: now === "learner" ? "Show everybody’s own learner" : "Show the class’s learner",
    available: view.comparison > 0 && now !== "shown",
    run: ask("learner"),
  });
  const showAll = useCommand({
    key: letterKey("G"),
    label: `Do not wait for ${count(guessing.size, "guess", "guesses")}`,
    available: guessing.size > 0,
    run() {
      hasty.value = new Set([...hasty.peek(), ...learnersOf(guessing)]);
    },
  });
  const back = useCommand({
    key: escapeKey,
    label: "Show all",
    available: enlarged.value !== null,
    run() {
      enlarged.value = null;
    },
  });
  return (
    <div class="wall">
      <header class="wall-bar">
        <h1 class="brand">{view.title}</h1>
        <TimeLeft connection={connection} view={view} />
        <span class="wall-buttons">
          {enlarged.value !== null && now === "roads" && <CommandButton command={back} />}
          {showAll.available && now === "roads" && <CommandButton command={showAll} />}
          {showLearner.available && <CommandButton command={showLearner} />}
          {showCode.available && <CommandButton command={showCode} />}
          {classSecret(id) !== null && (
            <a class="button" href={addressOf({ page: "teacher", id })}>
              Teacher’s page
            </a>
          )}
          {(isEnded || view.pupils.some(({ trace }) => trace > 0)) && (
            <a class="button" href={addressOf({ page: "debrief", id })}>
              Debrief
            </a>
          )}
          <ThemeButton />
        </span>
      </header>
      <main class={`wall-main shows-${now}`}>
        {now === "shown" && <Shown view={view} pupil={shownPupil!} traces={traces} />}
        {now === "code" && <JoinBox code={code} isLarge />}
        {now === "learner" && <LearnerView view={view} connection={connection} traces={traces} />}
        {now === "roads" && (
          <Roads view={seen} guessing={guessing} traces={traces} enlarged={enlarged} />
        )}
      </main>
      <aside class="wall-side" aria-label="How the class is doing">
        {(view.isFrozen || isTimeUp) && (
          <p class="eyes" role="status">
            {view.isFrozen ? "Eyes to the front" : "Time is up"}
          </p>
        )}
        {isEnded && <p class="eyes">This class has ended.</p>}
        {!isEnded && view.teacherPages === 0 && pupils.length > 0 && (
          <p class="quiet-text" role="status">
            The teacher’s page is closed. Everybody can go on as far as the teacher allowed.
          </p>
        )}
        {!connection.isLive.value && (
          <Notice role="status">
            {connection.obstacle.value ?? "The connection dropped. The page keeps trying."}
          </Notice>
        )}
        <Ready view={view} />
        <WhereaboutsList view={view} />
        {view.level.learner && (
          <ProgressChart view={seen} {...(enlarged.value !== null && { chosen: enlarged.value })} />
        )}
        {code !== "" && now !== "code" && <JoinBox code={code} />}
      </aside>
    </div>
  );
}
