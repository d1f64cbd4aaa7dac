import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { StudyView } from "../../shared/study/requests.ts";
import { defaultWords } from "../../shared/study/words.ts";
import { Notice } from "../ui/notice.tsx";
import { CheckStep } from "./check.tsx";
import { EndingStep } from "./ending.tsx";
import { Paragraphs, StepTitle, StudyFrame } from "./frame.tsx";
import { QuestionsStep } from "./questions.tsx";
import { type Entry, StudySession } from "./session.ts";
import { TaskStep } from "./task.tsx";

/** Each step of a study gets where the participant is, and the session that takes what they do. */
export interface StepProps {
  readonly view: StudyView;
  readonly session: StudySession;
}

/** A participant's way through a study, one step at a time. */
export function ParticipantPage({ entry }: { entry: Entry }) {
  const session = useMemo(() => new StudySession(entry), [entry.study, entry.participant]);
  useEffect(() => () => session.close(), [session]);
  const view = session.view.value;
  const failure = session.failure.value;
  if (failure)
    return (
      <StudyFrame title="DAgger Dojo" progress={0}>
        <StepTitle>This study cannot be opened</StepTitle>
        <p>{failure}</p>
      </StudyFrame>
    );
  if (!view)
    return (
      <StudyFrame title="DAgger Dojo" progress={0}>
        <p role="status">
          {session.isOffline.value ? defaultWords.offline : (session.waiting.value ?? "…")}
        </p>
      </StudyFrame>
    );
  if (view.step === "task" && view.task!.lesson)
    return <TaskStep key={view.task!.number} view={view} session={session} />;
  return (
    <StudyFrame title={view.title} progress={view.progress}>
      <Step key={`${view.step} ${view.task?.number}`} view={view} session={session} />
      {session.refusal.value && <Notice>{session.refusal.value}</Notice>}
      {session.waiting.value && <Notice role="status">{session.waiting.value}</Notice>}
      {session.isOffline.value && <Notice role="status">{view.words.offline}</Notice>}
    </StudyFrame>
  );
}

function Step(props: StepProps) {
  const { view } = props;
  if (view.ending) return <EndingStep view={view} ending={view.ending} />;
  if (view.step === "consent") return <ConsentStep {...props} />;
  if (view.step === "instructions") return <InstructionsStep {...props} />;
  if (view.step === "check") return <CheckStep {...props} />;
  if (view.step === "questions") return <QuestionsStep {...props} />;
  return <BeginTask {...props} />;
}

function ConsentStep({ view, session }: StepProps) {
  const { words } = view;
  const { text, version } = view.consent!;
  const isDeclining = useSignal(false);
  const busy = session.busy.value;
  return (
    <>
      <StepTitle>{words.consent}</StepTitle>
      <div class="study-text">
        <Paragraphs text={text} />
      </div>
      {isDeclining.value ? (
        <div class="study-sure">
          <p role="status">{words.declineSure}</p>
          <p class="next">
            <button type="button" disabled={busy} onClick={() => session.ask({ type: "decline" })}>
              {words.yes}
            </button>
            <button
              type="button"
              class="primary"
              onClick={() => {
                isDeclining.value = false;
              }}
            >
              {words.back}
            </button>
          </p>
        </div>
      ) : (
        <p class="next">
          <button
            type="button"
            class="primary"
            disabled={busy}
            onClick={() => session.ask({ type: "consent", version })}
          >
            {words.agree}
          </button>
          <button
            type="button"
            disabled={busy}
            onClick={() => {
              isDeclining.value = true;
            }}
          >
            {words.decline}
          </button>
        </p>
      )}
    </>
  );
}

function InstructionsStep({ view, session }: StepProps) {
  const { words } = view;
  const pages = view.instructions!;
  const at = useSignal(0);
  const { title, text } = pages[at.value]!;
  const isLast = at.value === pages.length - 1;
  return (
    <>
      <StepTitle key={at.value}>{title ?? words.instructions}</StepTitle>
      {pages.length > 1 && (
        <p class="quiet-text figures">
          {at.value + 1} {words.of} {pages.length}
        </p>
      )}
      <div class="study-text">
        <Paragraphs text={text} />
      </div>
      <p class="next">
        <button
          type="button"
          class="primary"
          disabled={session.busy.value}
          onClick={() => {
            if (isLast) void session.ask({ type: "instructed" });
            else at.value++;
          }}
        >
          {words.next}
        </button>
        {at.value > 0 && (
          <button
            type="button"
            onClick={() => {
              at.value--;
            }}
          >
            {words.back}
          </button>
        )}
      </p>
    </>
  );
}

/** What the next task is, before it begins. */
function BeginTask({ view, session }: StepProps) {
  const { words } = view;
  const { number, of, title, instructions } = view.task!;
  return (
    <>
      <StepTitle>
        {words.task} <span class="figures">{number + 1}</span> {words.of}{" "}
        <span class="figures">{of}</span>
        {title && (
          <>
            {": "}
            <bdi>{title}</bdi>
          </>
        )}
      </StepTitle>
      <div class="study-text">
        <Paragraphs text={instructions} />
      </div>
      <p class="next">
        <button
          type="button"
          class="primary"
          disabled={session.busy.value}
          onClick={() => session.ask({ type: "begin", task: number })}
        >
          {words.begin}
        </button>
      </p>
    </>
  );
}
