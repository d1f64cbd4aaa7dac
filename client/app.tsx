import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { LessonAt } from "./lesson/page.tsx";
import { keptIn } from "./net/keeping.tsx";
import { keepSecret } from "./net/secrets.ts";
import { Welcome } from "./welcome/welcome.tsx";

/** The lesson's address as the address bar has it; null on the front page. */
const address = signal(readAddress());
/** The lesson's page, which a front page can do without; null until it has come. */
const page = signal<typeof LessonAt | null>(null);
/** Whether it could not be fetched. */
const missing = signal(false);

/**
 * A link to teach by brings its secret behind the #, which browsers send to nobody. It is kept, and
 * taken out of the address bar, so that whoever copies the address from there gives away no more.
 */
function readAddress(): string | null {
  const lesson = new URLSearchParams(location.search).get("lesson");
  const secret = new URLSearchParams(location.hash.slice(1)).get("teach");
  if (lesson !== null && secret !== null) {
    keepSecret(lesson, secret);
    history.replaceState(history.state, "", `?lesson=${lesson}`);
  }
  return lesson;
}

addEventListener("popstate", () => {
  address.value = readAddress();
});

function open(lesson: string): void {
  history.pushState(null, "", `?lesson=${lesson}`);
  address.value = lesson;
}

export function App() {
  useEffect(() => {
    // From the front page too: both are on their way while one still reads.
    import("./stage/stage.ts").catch(() => {});
    import("./lesson/index.ts").then(
      ({ LessonAt }) => {
        page.value = LessonAt;
      },
      () => {
        missing.value = true;
      },
    );
  }, []);
  const lesson = address.value;
  if (lesson === null) return <Welcome open={open} />;
  const Lesson = page.value;
  if (missing.value && !Lesson) return <Missing />;
  return Lesson ? (
    <Lesson key={lesson} id={lesson} open={open} />
  ) : (
    <main class="opening">
      <p role="status">Opening the lesson …</p>
    </main>
  );
}

const places = { server: "on the server", browser: "in this browser" } as const;

/** A file of the page's could not be fetched; the browser will not try again by itself. */
function Missing() {
  return (
    <main class="lost">
      <h1>Part of this page is missing</h1>
      <p>
        It could not be loaded: the connection may be down. Your lesson is safe, {places[keptIn]}.
      </p>
      <p>
        <button type="button" class="primary" onClick={() => location.reload()}>
          Load the page again
        </button>
      </p>
    </main>
  );
}
