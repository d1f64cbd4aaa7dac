import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Progress } from "../../shared/lesson/protocol.ts";
import { useKey } from "../ui/keys.tsx";
import type { Classroom } from "./classroom.ts";

/** Milliseconds of work before it is worth a button that stops it. */
const worthStopping = 500;

/** How far the server's work has come, while there is any of this kind. */
export function Working(props: { room: Classroom; work: Progress["work"]; words: string }) {
  const { room, work, words } = props;
  const progress = room.connection.work.value;
  if (!room.busy.value || (progress && progress.work !== work)) return null;
  return (
    <div class="working">
      <p role="status">
        {progress?.place ? waiting(progress.place) : `${words} …`}
        <progress
          {...(progress?.share ? { value: progress.share } : {})}
          max={1}
          aria-label={words}
        />
      </p>
      {progress && <Stop key={progress.key} room={room} />}
    </div>
  );
}

function waiting(place: number): string {
  if (place === 1) return "Waiting for a free thread: yours is next.";
  return `Waiting for a free thread: ${place - 1} before yours.`;
}

/** A way out of work that takes its time. */
function Stop({ room }: { room: Classroom }) {
  const long = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      long.value = true;
    }, worthStopping);
    return () => clearTimeout(timer);
  }, [long]);
  // A line that is lost for good has its own words on the page.
  const stop = () => void room.connection.stop().catch(() => {});
  useKey("Escape", stop);
  if (!long.value) return null;
  return (
    <p class="choices">
      <button type="button" onClick={stop}>
        Stop <kbd>Esc</kbd>
      </button>
    </p>
  );
}
