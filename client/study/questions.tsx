import { useSignal } from "@preact/signals";
import type { Answer } from "../../shared/study/events.ts";
import type { Question } from "../../shared/study/protocolFile.ts";
import { forget, recall, remember } from "../browser/local-storage.ts";
import { StepTitle } from "./frame.tsx";
import { Choice, Scale, TextAnswer } from "./inputs.tsx";
import type { StepProps } from "./participant.tsx";

type Answers = Readonly<Record<string, Answer>>;

/** What is asked at the end. What was answered outlives the page. */
export function QuestionsStep({ view, session }: StepProps) {
  const { words } = view;
  const questions = view.questions!;
  const { study, participant } = session.entry;
  const draft = `dagger-dojo.study.${study}.${participant}`;
  const answers = useSignal<Answers>(readDraft(draft));
  const isSent = useSignal(false);
  const set = (id: string, answer: Answer) => {
    answers.value = { ...answers.peek(), [id]: answer };
    remember(draft, JSON.stringify(answers.peek()));
  };
  const isMissing = (question: Question) =>
    question.required && isEmpty(answers.value[question.id] ?? null);
  const send = async (event: Event) => {
    event.preventDefault();
    isSent.value = true;
    if (questions.some(isMissing)) {
      const first = document.querySelector<HTMLElement>(
        ".question:has(.missing) :is(input, textarea)",
      );
      first?.focus();
      return;
    }
    const given = Object.fromEntries(
      questions.map(({ id }) => {
        const answer = answers.peek()[id] ?? null;
        return [id, isEmpty(answer) ? null : answer];
      }),
    );
    if (await session.ask({ type: "answer", answers: given })) forget(draft);
  };
  return (
    <>
      <StepTitle>{words.questions}</StepTitle>
      <form onSubmit={send} noValidate>
        {questions.map((question) => {
          const given = answers.value[question.id] ?? null;
          const common = {
            key: question.id,
            name: question.id,
            text: question.text,
            missing: isSent.value && isMissing(question) ? words.required : null,
          };
          const number = typeof given === "number" ? given : null;
          const choose = (answer: Answer) => set(question.id, answer);
          if (question.kind === "choice")
            return (
              <Choice {...common} options={question.options} chosen={number} choose={choose} />
            );
          if (question.kind === "scale")
            return (
              <Scale
                {...common}
                ends={question.ends}
                points={question.points}
                chosen={number}
                choose={choose}
              />
            );
          const text = typeof given === "string" ? given : "";
          return <TextAnswer {...common} longest={question.longest} value={text} write={choose} />;
        })}
        <p class="next">
          <button type="submit" class="primary" disabled={session.busy.value}>
            {session.busy.value ? words.saving : words.send}
          </button>
        </p>
      </form>
    </>
  );
}

function isEmpty(answer: Answer): boolean {
  return answer === null || (typeof answer === "string" && answer.trim() === "");
}

function readDraft(name: string): Answers {
  try {
    const draft: unknown = JSON.parse(recall(name) ?? "{}");
    return typeof draft === "object" && draft !== null ? (draft as Answers) : {};
  } catch {
    return {};
  }
}
