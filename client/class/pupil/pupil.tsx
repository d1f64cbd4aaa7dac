import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { PupilView as Seat } from "../../../shared/class/requests.ts";
import type { LessonAt, TaskProps } from "../../lesson/page.tsx";
import { keepSecret } from "../../net/secrets.ts";
import { Notice } from "../../ui/notice.tsx";
import { Asking } from "../asking.ts";
import { pupilSecret } from "../kept.ts";
import { useClass } from "../use-class.ts";
import { Frozen } from "./frozen.tsx";
import { leadingOf } from "./pace.ts";
import { PupilTask } from "./task.tsx";
import "./pupil.css";

/** A pupil's lesson leads to no other. The same function always: with another the lesson would be opened anew. */
const stay = () => {};

/** A pupil's page: their lesson, under the class's plan. */
export function PupilPage({ id, pupil }: { id: string; pupil: number }) {
  const secret = pupilSecret(id, pupil);
  if (secret === null)
    return (
      <CannotOpen reason="This link is not complete: its last part is missing. Join again with the six letters on the big screen." />
    );
  return <Entering id={id} pupil={pupil} secret={secret} />;
}

function Entering({ id, pupil, secret }: { id: string; pupil: number; secret: string }) {
  const seat = useSignal<Seat | null>(null);
  const isRefused = useSignal(false);
  const asking = useMemo(() => new Asking(), []);
  useEffect(() => {
    const body = { pupil, secret, request: { type: "enter" } };
    void asking.ask<Seat>(`/api/classes/${id}/pupil`, body).then((found) => {
      if (found) keepSecret(found.lesson.id, found.lesson.secret);
      seat.value = found;
      isRefused.value = found === null;
    });
    return () => asking.close();
  }, [id, pupil, secret, asking, seat, isRefused]);
  if (isRefused.value) return <CannotOpen reason={asking.trouble.value ?? ""} />;
  const found = seat.value;
  if (!found)
    return (
      <main class="opening">
        <p role="status">Opening your lesson …</p>
        {asking.trouble.value && <Notice>{asking.trouble.value} The page keeps trying.</Notice>}
      </main>
    );
  return <Lesson id={id} secret={secret} seat={found} />;
}

function Lesson({ id, secret, seat }: { id: string; secret: string; seat: Seat }) {
  const { pupil, lesson } = seat;
  const { connection, traces } = useClass({ class: id, pupil, secret });
  const page = useSignal<typeof LessonAt | null>(null);
  const isMissing = useSignal(false);
  useEffect(() => {
    import("../../lesson/index.ts").then(
      ({ LessonAt }) => {
        page.value = LessonAt;
      },
      () => {
        isMissing.value = true;
      },
    );
  }, [page, isMissing]);
  const Task = useMemo(
    () => (props: TaskProps) => (
      <PupilTask {...props} id={id} seat={seat} secret={secret} connection={connection} />
    ),
    [id, seat, secret, connection],
  );
  const asking = useMemo(() => new Asking(), []);
  useEffect(() => () => asking.close(), [asking]);
  const leading = useMemo(
    () => leadingOf(connection, asking, { class: id, pupil, secret }),
    [connection, asking, id, pupil, secret],
  );
  const view = connection.view.value;
  const wasIn = useSignal(false);
  const isIn = view?.pupils.some(({ number }) => number === pupil) ?? false;
  useEffect(() => {
    if (isIn) wasIn.value = true;
  }, [isIn, wasIn]);
  const Page = page.value;
  // Another process may not have heard yet of somebody who has just come.
  if (wasIn.value && !isIn) return <TakenOut />;
  if (isMissing.value)
    return (
      <CannotOpen reason="Part of this page is missing: the connection may be down. Load the page again." />
    );
  if (!Page)
    return (
      <main class="opening">
        <p role="status">Opening your lesson …</p>
      </main>
    );
  return (
    <>
      <Page id={lesson.id} open={stay} Task={Task} leading={leading} />
      {leading.isStopped() && <Frozen view={view!} traces={traces} />}
    </>
  );
}

/** What they did is kept, and they are in again as soon as the teacher says so. */
function TakenOut() {
  return (
    <main class="lost">
      <h1>Your teacher has removed you from this class</h1>
      <p role="alert">
        What you did is kept. If that was a mistake, ask your teacher to let you in again. This page
        then goes on by itself.
      </p>
    </main>
  );
}

function CannotOpen({ reason }: { reason: string }) {
  return (
    <main class="lost">
      <h1>Your lesson cannot be opened</h1>
      <p>{reason}</p>
      <p>
        <a class="button primary" href="class.html">
          Join with six letters
        </a>
      </p>
    </main>
  );
}
