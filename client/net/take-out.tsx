import { useSignal } from "@preact/signals";
import { lessonFile } from "../../shared/lesson/file.ts";
import { download } from "../browser/download.ts";
import { Notice } from "../ui/notice.tsx";
import type { LessonSession } from "./session.ts";

/** A button that saves the lesson as a file. */
export function TakeOut({ session }: { session: LessonSession }) {
  const failure = useSignal<string | null>(null);
  const save = async () => {
    failure.value = null;
    try {
      const text = lessonFile(await historyOf(session));
      download(new Blob([text], { type: "application/jsonl" }), nameOf(session));
    } catch (error) {
      failure.value = (error as Error).message;
    }
  };
  return (
    <>
      <p>
        <button type="button" onClick={save}>
          Take the lesson out as a file
        </button>
      </p>
      {failure.value && <Notice>{failure.value}</Notice>}
    </>
  );
}

/** All events so far, as they are stored. */
async function historyOf(session: LessonSession): Promise<object[]> {
  const events: object[] = [];
  for (let more = true; more; ) {
    // A log's numbers have no gaps, so how many there are is the number of the last.
    const page = await session.events(events.length);
    events.push(...(JSON.parse(page.events) as object[]));
    ({ more } = page);
  }
  return events;
}

function nameOf({ lesson }: LessonSession): string {
  const day = new Date().toISOString().slice(0, 10);
  return `dagger-dojo-${lesson.peek().world}-${day}.jsonl`;
}
