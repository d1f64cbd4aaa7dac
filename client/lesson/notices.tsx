import { isSecretKept } from "../net/secrets.ts";
import type { LessonSession } from "../net/session.ts";
import { Notice } from "../ui/notice.tsx";
import { workerFailed } from "./background.ts";
import { Outside } from "./outside.tsx";
import type { LessonState } from "./state.ts";

const saved = { server: "saved", browser: "saved in this browser" } as const;

/** Whether what was done is kept yet, in a word or two. */
export function Saved({ session }: { session: LessonSession }) {
  const { keptIn, status, owner, trouble, unsent, unkept, work } = session;
  const waiting = trouble.value !== null || unkept.value > 0;
  // A browser writes its outbox to disk when it likes, so that what is there is not saved in it yet.
  const saving = keptIn === "browser" && unsent.value > (work.value ? 1 : 0);
  const where = unkept.value > 0 ? "not saved" : "kept here";
  const words = {
    connecting: "connecting …",
    lost: unsent.value > 0 ? `offline, ${unsent.value} ${where}` : "reconnecting …",
    open: waiting
      ? "not saved yet"
      : saving
        ? "saving …"
        : owner.value
          ? saved[keptIn]
          : "watching only",
  };
  const state = waiting ? "lost" : status.value;
  return (
    <span class={`saved ${state}`} role="status">
      {words[status.value]}
    </span>
  );
}

/** What has to be said whatever the step is. */
export function Notices({
  session,
  state: { notice, hasDroppedWalk },
  lesson,
}: {
  session: LessonSession;
  state: LessonState;
  lesson: string;
}) {
  const { owner, status, obstacle, trouble, mishap, unsent, unkept } = session;
  const kept = unsent.value > 0 && unkept.value === 0;
  return (
    <>
      {unkept.value > 0 && (
        <Notice>
          <b>Do not close this page until it says “saved”.</b> This browser can store nothing more:
          its storage is full, or not allowed. What you did last is in this page only.
        </Notice>
      )}
      {status.value === "lost" && (unsent.value > 0 || obstacle.value) && (
        <Notice role="status">
          {obstacle.value ?? "The server cannot be reached."}{" "}
          {kept
            ? "What you did is kept in this browser and will be sent later."
            : "The page keeps trying."}
        </Notice>
      )}
      {owner.value && !isSecretKept(lesson) && (
        <Notice role="status">
          The browser’s storage is full, or not allowed. So only this page can teach in this lesson.
          Before you close the page, press <b>?</b> and copy the link to teach.
        </Notice>
      )}
      {!owner.value && (
        <p class="looking">
          You are watching. Only the person who began this lesson can teach in it.{" "}
          <a href="./">Start your own</a>
        </p>
      )}
      {trouble.value && (
        <Notice>
          {trouble.value}{" "}
          {kept
            ? "What you did is kept in this browser. The page keeps trying."
            : "The page keeps trying."}
        </Notice>
      )}
      {mishap.value && (
        <Notice>Something that you did earlier could not be stored: {mishap.value}</Notice>
      )}
      {workerFailed.value && (
        <Notice>
          The part that computes maps and arrows could not be loaded. Load the page again.
        </Notice>
      )}
      {owner.value && <Outside session={session} />}
      {hasDroppedWalk.value && <Notice role="status">Your unfinished walk is not kept.</Notice>}
      {notice.value && <Notice>{notice.value}</Notice>}
    </>
  );
}
