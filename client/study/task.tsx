import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import { isFulfilled, leastCorrections, nCorrections } from "../../shared/lesson/locks.ts";
import type { StudyView } from "../../shared/study/requests.ts";
import type { LessonAt, TaskProps } from "../lesson/page.tsx";
import { Notice } from "../ui/notice.tsx";
import { Paragraphs } from "./frame.tsx";
import type { StepProps } from "./participant.tsx";

/** A task: the lesson, and what the study says of it above. */
export function TaskStep({ view, session }: StepProps) {
  const page = useSignal<typeof LessonAt | null>(null);
  const isMissing = useSignal(false);
  useEffect(() => {
    import("../lesson/index.ts").then(
      ({ LessonAt }) => {
        page.value = LessonAt;
      },
      () => {
        isMissing.value = true;
      },
    );
  }, [page, isMissing]);
  const Task = useMemo(
    () => (props: TaskProps) => <TaskPanel {...props} view={view} study={session} />,
    [view, session],
  );
  const Page = page.value;
  if (isMissing.value)
    return (
      <main class="lost">
        <p>{view.words.offline}</p>
        <p>
          <button type="button" class="primary" onClick={() => location.reload()}>
            {view.words.next}
          </button>
        </p>
      </main>
    );
  return Page ? (
    // What the lesson says is in English, whatever the study's language.
    <div lang="en" dir="ltr">
      <Page id={view.task!.lesson!.id} open={() => {}} Task={Task} />
    </div>
  ) : (
    <main class="opening">
      <p role="status">…</p>
    </main>
  );
}

/** What is to be done in the task, how far it is done, and the way on. */
function TaskPanel({
  view,
  study,
  session,
}: TaskProps & { readonly view: StudyView; readonly study: StepProps["session"] }) {
  const { words, language, direction } = view;
  const { number, of, title, instructions, isSkippable } = view.task!;
  const isLeaving = useSignal(false);
  const lesson = session.lesson.value;
  const isDone = isFulfilled(lesson);
  // Nothing that was done is to be left behind in this browser.
  const isSaved = session.unsent.value === 0 && session.work.value === null;
  const busy = study.busy.value;
  const finish = (skip: boolean) => study.ask({ type: "finish", task: number, skip });
  return (
    <section class="task" lang={language} dir={direction} aria-labelledby="task-title">
      <h2 id="task-title" class="task-title">
        {words.task} <span class="figures">{number + 1}</span> {words.of}{" "}
        <span class="figures">{of}</span>
        {title && (
          <>
            {": "}
            <bdi>{title}</bdi>
          </>
        )}
      </h2>
      {isDone ? (
        <>
          <p role="status">{isSaved ? words.taskDone : words.saving}</p>
          <p class="next">
            <button
              type="button"
              class="primary"
              disabled={busy || !isSaved}
              onClick={() => finish(false)}
            >
              {words.next}
            </button>
          </p>
        </>
      ) : (
        <>
          <p class="quiet-text figures">{sayProgress(lesson, words)}</p>
          {instructions.length > 0 && (
            <details>
              <summary>{words.instructions}</summary>
              <Paragraphs text={instructions} />
            </details>
          )}
          {isSkippable &&
            (isLeaving.value ? (
              <>
                <p role="status">{words.skipSure}</p>
                <p class="next">
                  <button type="button" disabled={busy || !isSaved} onClick={() => finish(true)}>
                    {words.yes}
                  </button>
                  <button
                    type="button"
                    onClick={() => {
                      isLeaving.value = false;
                    }}
                  >
                    {words.back}
                  </button>
                </p>
              </>
            ) : (
              <p>
                <button
                  type="button"
                  onClick={() => {
                    isLeaving.value = true;
                  }}
                >
                  {words.skip}
                </button>
              </p>
            ))}
        </>
      )}
      {study.refusal.value && <Notice>{study.refusal.value}</Notice>}
      {study.isOffline.value && <Notice role="status">{words.offline}</Notice>}
    </section>
  );
}

/** How far a task has come, in the plan's own numbers. */
function sayProgress(lesson: Lesson, words: StudyView["words"]): string {
  const { plan, demonstrations, rounds } = lesson;
  if (!plan) return "";
  const shown = `${words.demonstrations} ${demonstrations.length} / ${plan.demonstrations.least}`;
  if (rounds.length === 0 || plan.rounds === 0) return shown;
  const round = `${words.round} ${rounds.length} / ${plan.rounds}`;
  const [given, least] = [nCorrections(lesson), leastCorrections(lesson)];
  return `${round} · ${words.corrections} ${given}${given <= least ? ` / ${least}` : ""}`;
}
