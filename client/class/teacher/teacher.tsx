import { useComputed, useSignal } from "@preact/signals";
import { useCallback, useEffect, useMemo } from "preact/hooks";
import type { TeacherRequest, TeacherView } from "../../../shared/class/requests.ts";
import { useReach } from "../../net/base.ts";
import { Notice } from "../../ui/notice.tsx";
import { ThemeButton } from "../../ui/theme.tsx";
import { addressOf } from "../address.ts";
import { Asking } from "../asking.ts";
import type { ClassConnection } from "../connection.ts";
import { JoinBox } from "../join-box.tsx";
import { classSecret, rememberClass } from "../kept.ts";
import { Ready } from "../ready.tsx";
import { useClass } from "../use-class.ts";
import type { ClassView } from "../view.ts";
import { ProgressChart } from "../wall/progress-chart.tsx";
import { TimeLeft } from "../wall/time-left.tsx";
import { WhereaboutsList } from "../wall/whereabouts.tsx";
import { Ending } from "./ending.tsx";
import { Pace } from "./pace.tsx";
import { PupilsTable } from "./pupils-table.tsx";
import "./teacher.css";

/** Asks the server for something in the teacher's name; null where it was not done, which is then said. */
export type Lead = (request: TeacherRequest) => Promise<TeacherView | null>;

/** The teacher's page: the pace of the class, and who is in it. */
export function TeacherPage({ id }: { id: string }) {
  const secret = classSecret(id);
  if (secret === null)
    return (
      <main class="lost">
        <h1>This is not the teacher’s browser</h1>
        <p>
          You can lead a class from the browser that began it, or with the teacher’s own link. That
          link ends with # and 22 letters. This address does not.
        </p>
        <p>
          <a class="button" href={addressOf({ page: "wall", id })}>
            Look at the wall
          </a>
        </p>
      </main>
    );
  return <Leading id={id} secret={secret} />;
}

function Leading({ id, secret }: { id: string; secret: string }) {
  const { connection } = useClass({ class: id, secret });
  const asking = useMemo(() => new Asking(), []);
  useEffect(() => () => asking.close(), [asking]);
  /** What only the teacher sees, as it was told last. */
  const told = useSignal<TeacherView | null>(null);
  const lead = useCallback<Lead>(
    async (request) => {
      const body = { secret, request };
      const view = await asking.ask<TeacherView>(`/api/classes/${id}`, body);
      if (view) told.value = view;
      return view;
    },
    [id, secret, asking, told],
  );
  // Names are in what only the teacher sees: asked for again when somebody comes or is renamed.
  const who = useComputed(() =>
    (connection.view.value?.pupils ?? [])
      .map(({ number, nickname }) => `${number} ${nickname}`)
      .join(),
  );
  useEffect(() => {
    void lead({ type: "look" });
  }, [lead, who.value]);
  const view = connection.view.value;
  useEffect(() => {
    if (view) rememberClass(id);
    document.title = view ? `${view.title} – teacher` : "Class";
  }, [id, view?.title]);
  const failure = connection.failure.value;
  if (failure)
    return (
      <main class="lost">
        <h1>This class cannot be led</h1>
        <p>{failure}</p>
        <p>
          <a href="class.html">Start another class</a>
        </p>
      </main>
    );
  return (
    <div class="teacher">
      <header class="teacher-bar">
        <p class="brand">
          <a href="./">DAgger Dojo</a>
        </p>
        <ThemeButton />
      </header>
      <main>
        {view ? (
          <Class
            id={id}
            secret={secret}
            view={view}
            told={told.value}
            connection={connection}
            lead={lead}
            trouble={asking.trouble.value}
          />
        ) : (
          <p role="status">{connection.obstacle.value ?? "Opening the class …"}</p>
        )}
      </main>
    </div>
  );
}

function Class({
  id,
  secret,
  view,
  told,
  connection,
  lead,
  trouble,
}: {
  id: string;
  secret: string;
  view: ClassView;
  told: TeacherView | null;
  connection: ClassConnection;
  lead: Lead;
  trouble: string | null;
}) {
  const reach = useReach();
  return (
    <>
      <div class="teacher-title">
        <h1>{view.title}</h1>
        <TimeLeft connection={connection} view={view} />
        <a
          class="button primary"
          href={addressOf({ page: "wall", id })}
          target="_blank"
          rel="noopener"
        >
          Open the wall
        </a>
        <a class="button" href={addressOf({ page: "debrief", id })} target="_blank" rel="noopener">
          Debrief
        </a>
      </div>
      {!connection.isLive.value && (
        <Notice role="status">
          {connection.obstacle.value ?? "The connection dropped. The page keeps trying."} Nothing is
          lost, and your class goes on.
        </Notice>
      )}
      {trouble && <Notice>{trouble}</Notice>}
      {view.teacherPages > 1 && (
        <Notice role="status">
          The teacher’s page of this class is open {view.teacherPages} times, also somewhere else.
          What you press on one page counts for all of them. Close the pages that you do not need.
        </Notice>
      )}
      {reach?.isOwn && !view.isEnded && (
        <Notice>
          <b>No phone can open this class.</b> The server found no network that phones could use to
          reach it. Its address {new URL(reach.url).host} works on this computer only. Connect the
          server to the network of the room (or a hotspot), and check that it listens there (
          <code>HOST</code>). Then start it again with <code>npm start</code>, and open one of the
          addresses that it prints.
        </Notice>
      )}
      <div class="teacher-parts">
        <div>
          {view.isEnded ? (
            <p class="looking" role="status">
              This class has ended. Nobody new can join. You can still see and download what the
              pupils did.
            </p>
          ) : (
            <Pace view={view} isTimeUp={connection.isTimeUp.value} lead={lead} />
          )}
          <PupilsTable view={view} told={told} lead={lead} />
          <Ending id={id} secret={secret} view={view} told={told} lead={lead} />
        </div>
        <aside aria-label="How the class is doing">
          {view.code !== "" && !view.isShut && <JoinBox code={view.code} />}
          <h2>Who is where</h2>
          <Ready view={view} />
          <WhereaboutsList view={view} isToTeacher />
          {view.level.learner && <ProgressChart view={view} />}
        </aside>
      </div>
    </>
  );
}
