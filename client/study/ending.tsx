import { useEffect } from "preact/hooks";
import type { EndingView, StudyView } from "../../shared/study/requests.ts";
import { Paragraphs, StepTitle } from "./frame.tsx";

/** For how long one may read before the page goes back to the panel, ms. */
const pause = 4000;

/** The end of a participant's way. The server says so once all that they did is on disk. */
export function EndingStep({ view, ending }: { view: StudyView; ending: EndingView }) {
  const { title, text, code, redirect, kind } = ending;
  const { words } = view;
  const isDone = kind === "completed";
  useEffect(() => {
    if (!redirect || !isDone) return;
    const timer = setTimeout(() => location.assign(redirect), pause);
    return () => clearTimeout(timer);
  }, [redirect, isDone]);
  return (
    <>
      <StepTitle>
        {isDone && (
          <span class="expert" aria-hidden="true">
            ✓{" "}
          </span>
        )}
        {title}
      </StepTitle>
      <div class="study-text">
        <Paragraphs text={text} />
      </div>
      {code && (
        <p class="study-code">
          {words.code}: <code>{code}</code>
        </p>
      )}
      {redirect && (
        <p class="next">
          <a class="button primary" href={redirect}>
            {words.redirect}
          </a>
        </p>
      )}
    </>
  );
}
