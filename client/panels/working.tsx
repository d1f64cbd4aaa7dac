import type { Progress } from "../../shared/protocol.ts";
import type { Classroom } from "../classroom.ts";

/** How far the server's work has come, while there is any of this kind. */
export function Working(props: { room: Classroom; work: Progress["work"]; words: string }) {
  const { room, work, words } = props;
  const progress = room.connection.work.value;
  if (!room.busy.value || (progress && progress.work !== work)) return null;
  return (
    <p class="working" role="status">
      {words} …
      <progress
        {...(progress?.share ? { value: progress.share } : {})}
        max={1}
        aria-label={words}
      />
    </p>
  );
}
