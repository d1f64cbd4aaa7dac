import { signal } from "@preact/signals";
import { lessonId } from "../shared/protocol.ts";
import { LessonPage } from "./lesson-page.tsx";
import { Welcome } from "./welcome.tsx";

/** The lesson's address as the address bar has it; null on the front page. */
const address = signal(readAddress());

function readAddress(): string | null {
  return new URLSearchParams(location.search).get("lesson");
}

addEventListener("popstate", () => {
  address.value = readAddress();
});

export function open(lesson: string): void {
  history.pushState(null, "", `?lesson=${lesson}`);
  address.value = lesson;
}

export function App() {
  const lesson = address.value;
  if (lesson === null) return <Welcome />;
  if (!lessonId.safeParse(lesson).success) {
    return <Lost reason="This is not the address of a lesson." />;
  }
  return <LessonPage key={lesson} id={lesson} />;
}

export function Lost({ reason }: { reason: string }) {
  return (
    <main class="lost">
      <h1>No lesson here</h1>
      <p>{reason}</p>
      <p>
        <a class="button primary" href="/">
          Start a new one
        </a>
      </p>
    </main>
  );
}
