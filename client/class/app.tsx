import { signal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import { addressOf, type ClassAddress, readAddress } from "./address.ts";
import { Door } from "./door/door.tsx";

const address = signal(readAddress());

addEventListener("popstate", () => {
  address.value = readAddress();
});

function go(to: ClassAddress): void {
  history.pushState(null, "", addressOf(to));
  address.value = to;
}

interface PageProps {
  readonly id: string;
  readonly pupil: number;
}

/** Pages of a class, each of which comes when it is asked for: a phone needs no wall. */
const pages: Readonly<
  Record<Exclude<ClassAddress["page"], "door">, () => Promise<FunctionComponent<PageProps>>>
> = {
  pupil: async () => (await import("./pupil/pupil.tsx")).PupilPage,
  teacher: async () => (await import("./teacher/teacher.tsx")).TeacherPage,
  wall: async () => (await import("./wall/wall.tsx")).WallPage,
  debrief: async () => (await import("./debrief/debrief.tsx")).DebriefPage,
};
/** Those that have come. */
const come = signal<Readonly<Record<string, FunctionComponent<PageProps>>>>({});
const isMissing = signal(false);

export function ClassApp() {
  const to = address.value;
  if (to.page === "door") return <Door key={to.code} code={to.code} go={go} />;
  const Page = come.value[to.page];
  if (!Page) return isMissing.value ? <Missing /> : <Coming page={to.page} />;
  const pupil = to.page === "pupil" ? to.pupil : 0;
  return <Page key={`${to.page} ${to.id} ${pupil}`} id={to.id} pupil={pupil} />;
}

function Coming({ page }: { page: keyof typeof pages }) {
  useEffect(() => {
    pages[page]().then(
      (Page) => {
        come.value = { ...come.peek(), [page]: Page };
      },
      () => {
        isMissing.value = true;
      },
    );
  }, [page]);
  return (
    <main class="opening">
      <p role="status">Opening the class …</p>
    </main>
  );
}

/** A file of the page's could not be fetched; the browser will not try again by itself. */
function Missing() {
  return (
    <main class="lost">
      <h1>Part of this page is missing</h1>
      <p>It could not be loaded: the connection may be down. The class is safe on the server.</p>
      <p>
        <button type="button" class="primary" onClick={() => location.reload()}>
          Load the page again
        </button>
      </p>
    </main>
  );
}
