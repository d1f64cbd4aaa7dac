import { useSignal } from "@preact/signals";
import { Notice } from "../ui/notice.tsx";
import { Paragraphs, StepTitle } from "./frame.tsx";
import { Choice } from "./inputs.tsx";
import type { StepProps } from "./participant.tsx";

/** Whether the instructions were understood. */
export function CheckStep({ view, session }: StepProps) {
  const { words } = view;
  const { tries, questions } = view.check!;
  const answers = useSignal<readonly (number | null)[]>(questions.map(() => null));
  const send = async (event: Event) => {
    event.preventDefault();
    const given = answers.peek();
    if (given.some((answer) => answer === null)) return;
    await session.ask({ type: "check", tries, answers: given as number[] });
  };
  return (
    <>
      <StepTitle>{words.check}</StepTitle>
      {tries > 0 && (
        <>
          <Notice>{words.checkAgain}</Notice>
          <details>
            <summary>{words.instructions}</summary>
            {view.instructions!.map(({ text }, i) => (
              <Paragraphs key={i} text={text} />
            ))}
          </details>
        </>
      )}
      <form onSubmit={send}>
        {questions.map(({ text, options }, i) => (
          <Choice
            key={i}
            name={`check-${i}`}
            text={text}
            options={options}
            chosen={answers.value[i]!}
            choose={(option) => {
              answers.value = answers.peek().map((other, k) => (k === i ? option : other));
            }}
          />
        ))}
        <p class="next">
          <button
            type="submit"
            class="primary"
            disabled={session.busy.value || answers.value.some((answer) => answer === null)}
          >
            {words.checkSend}
          </button>
        </p>
      </form>
    </>
  );
}
