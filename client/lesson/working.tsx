import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Progress } from "../../shared/lesson/protocol.ts";
import { CommandButton, useCommand } from "../ui/commands.tsx";
import { escapeKey } from "../ui/keyboard.ts";
import type { LessonActions, LessonState } from "./state.ts";

/** Milliseconds of work before it is worth a button that stops it. */
const worthStopping = 500;

/** How far the server's work has come, while there is any of this kind. */
export function Working({
  state,
  on,
  work,
  words,
}: {
  state: LessonState;
  on: LessonActions;
  work: Progress["work"];
  words: string;
}) {
  const progress = state.work.value;
  if (!state.busy.value || (progress && progress.work !== work)) return null;
  return (
    <div class="working">
      <p role="status">
        {progress?.nobody
          ? "The computer that trains is not connected. What you taught is kept. The work goes on when that computer is back."
          : progress?.place
            ? waiting(progress.place)
            : `${words} …`}
        <progress
          {...(progress?.share ? { value: progress.share } : {})}
          max={1}
          aria-label={words}
        />
      </p>
      {progress && <Stop key={progress.key} stop={on.stop} />}
    </div>
  );
}

function waiting(place: number): string {
  if (place === 1) return "The server is busy. You are next.";
  return `The server is busy. Others before you: ${place - 1}.`;
}

/** A way out of work that takes its time. */
function Stop({ stop }: { stop: () => void }) {
  const long = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      long.value = true;
    }, worthStopping);
    return () => clearTimeout(timer);
  }, [long]);
  const command = useCommand({ key: escapeKey, label: "Stop", available: true, run: stop });
  if (!long.value) return null;
  return (
    <p class="choices">
      <CommandButton command={command} />
    </p>
  );
}
