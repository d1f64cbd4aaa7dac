import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { networkOf } from "../../shared/lesson/lesson.ts";
import type { LessonSession } from "../net/session.ts";
import { Notice } from "../ui/notice.tsx";

/** Milliseconds after which a program that was not heard of is said to be silent: it asks again twice in that time. */
const patience = 60_000;

/** What a program outside, which learns as one teaches, is doing; nothing before one was heard of. */
export function Outside({ session }: { session: LessonSession }) {
  const said = session.outside.value;
  const isSilent = useSignal(false);
  useEffect(() => {
    isSilent.value = false;
    const timer = setTimeout(() => {
      isSilent.value = true;
    }, patience);
    return () => clearTimeout(timer);
  }, [said, isSilent]);
  if (!said) return null;
  if (said.complaint)
    return (
      <Notice>
        The lesson cannot use what your program sent: {said.complaint} What you taught is kept.
      </Notice>
    );
  if (isSilent.value)
    return (
      <Notice role="status">
        Your program has been silent for a minute. The lesson keeps what you teach. You can go on
        with what the program sent before, or with another learner.
      </Notice>
    );
  const network = networkOf(session.lesson.value);
  return (
    <p class="quiet-text" role="status">
      Your program is listening.{" "}
      {network && network.basis > 0
        ? `It has learned up to event ${network.basis} of this lesson.`
        : "It has not sent what it learned yet."}
    </p>
  );
}
