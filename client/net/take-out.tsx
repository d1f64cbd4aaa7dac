import { useSignal } from "@preact/signals";
import { lessonFile } from "../../shared/lesson/file.ts";
import { download } from "../browser/download.ts";
import { Notice } from "../ui/notice.tsx";
import type { LessonSession } from "./session.ts";

/** Buttons that save the lesson: as a file that this page opens again, and as tables for other programs. */
export function TakeOut({ lesson, session }: { lesson: string; session: LessonSession }) {
  const failure = useSignal<string | null>(null);
  const isMaking = useSignal(false);
  const save = async (make: (log: readonly object[]) => Blob | Promise<Blob>, name: string) => {
    failure.value = null;
    isMaking.value = true;
    try {
      download(await make(await historyOf(session)), name);
    } catch (error) {
      failure.value = (error as Error).message;
    } finally {
      isMaking.value = false;
    }
  };
  const saveLesson = () =>
    save(
      (log) => new Blob([lessonFile(log)], { type: "application/jsonl" }),
      `${nameOf(session)}.jsonl`,
    );
  const saveData = () =>
    save(
      async (log) => {
        const { dataArchive } = await import("./data-archive.ts");
        return dataArchive(lesson, log);
      },
      `${nameOf(session)}-data.zip`,
    );
  return (
    <>
      <p>
        <button type="button" disabled={isMaking.value} onClick={saveLesson}>
          Save the lesson as a file
        </button>
      </p>
      <p>
        <button type="button" disabled={isMaking.value} onClick={saveData}>
          Save the data as tables
        </button>
      </p>
      {isMaking.value && <p role="status">Making the file …</p>}
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
  return `dagger-dojo-${lesson.peek().world}-${day}`;
}
