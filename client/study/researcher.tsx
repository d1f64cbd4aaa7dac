import { useSignal } from "@preact/signals";
import { useCallback, useEffect } from "preact/hooks";
import type { Overview } from "../../shared/study/overview.ts";
import type { ResearcherRequest, ResearcherView } from "../../shared/study/requests.ts";
import { recall, remember } from "../browser/local-storage.ts";
import { post } from "../net/post.ts";
import { Notice } from "../ui/notice.tsx";
import { ThemeButton } from "../ui/theme.tsx";
import { Download } from "./download.tsx";
import { type Ask, Participants, Scrolling, sayDuration, sayOrder } from "./participants.tsx";
import "./researcher.css";

/** Milliseconds to wait for an answer, and between two looks. */
const patience = 30_000;
const interval = 10_000;

/** How a study goes, for whoever has its secret link. */
export function ResearcherPage({ study }: { study: string }) {
  const secret = useSecret(study);
  const overview = useSignal<Overview | null>(null);
  const failure = useSignal<string | null>(null);
  const isOpen = useSignal(false);
  const ask = useCallback(
    async (request: ResearcherRequest): Promise<ResearcherView | null> => {
      try {
        const path = `/api/studies/${encodeURIComponent(study)}/researcher`;
        const view = await post<ResearcherView>(path, { secret, request }, patience);
        overview.value = view.overview;
        failure.value = null;
        isOpen.value = true;
        return view;
      } catch (error) {
        failure.value = (error as Error).message;
        return null;
      }
    },
    [study, secret, overview, failure, isOpen],
  );
  useEffect(() => {
    document.title = `${study} · Study`;
    const look = () => {
      if (!document.hidden) void ask({ type: "look" });
    };
    look();
    const timer = setInterval(look, interval);
    return () => clearInterval(timer);
  }, [ask, study]);
  const now = overview.value;
  return (
    <div class="researcher">
      <header class="study-bar">
        <p class="brand">
          <bdi>{now?.title ?? study}</bdi>
        </p>
        <ThemeButton />
      </header>
      <main>
        {failure.value && <Notice>{failure.value}</Notice>}
        {now ? (
          <Going overview={now} study={study} ask={ask} />
        ) : (
          <>
            <h1>{study}</h1>
            {isOpen.value && <p>Nobody has come yet. Participants come to /study/{study}.</p>}
          </>
        )}
      </main>
    </div>
  );
}

/** The secret behind the #, which is kept and taken out of the address bar. */
function useSecret(study: string): string {
  const name = `dagger-dojo.researcher.${study}`;
  const secret = useSignal(location.hash.slice(1) || (recall(name) ?? ""));
  useEffect(() => {
    if (location.hash === "") return;
    remember(name, secret.peek());
    history.replaceState(null, "", location.pathname + location.search);
  }, [name, secret]);
  return secret.value;
}

function Going({ overview, study, ask }: { overview: Overview; study: string; ask: Ask }) {
  const { isClosed, arrived, taken, completed, cap, places, cells, medians, participants } =
    overview;
  const most = Math.max(1, ...places.map(({ here, left }) => here + left));
  return (
    <>
      <h1 class="hidden">
        Study <bdi>{overview.title}</bdi>
      </h1>
      <dl class="totals figures">
        <Total words="arrived" count={arrived} />
        <Total words={`of ${cap} places taken`} count={taken} />
        <Total words="completed" count={completed} />
      </dl>
      <p class="next">
        <button type="button" onClick={() => ask({ type: isClosed ? "reopen" : "close" })}>
          {isClosed ? "Open the study again" : "Close the study"}
        </button>
        <Download study={study} ask={ask} />
      </p>
      <p class="quiet-text" role="status">
        {isClosed
          ? "Closed: nobody new can begin. Those who have begun can finish."
          : "Open: new participants can begin."}
      </p>

      <h2>Where people are, and where they left</h2>
      <Scrolling label="Where people are, and where they left">
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">Here</th>
              <th scope="col">Left</th>
              <th scope="col" class="wide">
                <span class="hidden">Share</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {places.map(({ place, here, left }) => (
              <tr key={place}>
                <th scope="row">{place}</th>
                <td>{here}</td>
                <td>{left}</td>
                <td class="wide" aria-hidden="true">
                  <svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" role="none">
                    <rect class="here" width={(100 * here) / most} height="8" />
                    <rect
                      class="gone"
                      x={(100 * here) / most}
                      width={(100 * left) / most}
                      height="8"
                    />
                  </svg>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>

      <h2>Conditions and orders</h2>
      <Scrolling label="Conditions and orders">
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">Condition</th>
              <th scope="col">Order</th>
              <th scope="col">Assigned</th>
              <th scope="col">Taking part</th>
              <th scope="col">Completed</th>
            </tr>
          </thead>
          <tbody>
            {cells.map((cell) => (
              <tr key={`${cell.condition} ${cell.order}`}>
                <th scope="row">{cell.condition}</th>
                <td>{sayOrder(cell.order)}</td>
                <td>{cell.assigned}</td>
                <td>{cell.taken}</td>
                <td>{cell.completed}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>

      <h2>Median times</h2>
      <dl class="facts figures">
        {medians.map(({ what, ms }) => [
          <dt key={what}>{what}</dt>,
          <dd key={`${what} ms`}>{ms === null ? "–" : sayDuration(ms)}</dd>,
        ])}
      </dl>

      <Participants participants={participants} ask={ask} />
      <p class="quiet-text">
        To export the lessons, run{" "}
        <code>npm run export -- --study {study} --format csv FOLDER</code> on the server. A backup
        that is older than a deletion still contains what you deleted. Whoever runs the server can
        remove it from the backup.
      </p>
    </>
  );
}

function Total({ words, count }: { words: string; count: number }) {
  return (
    <div>
      <dt>{words}</dt>
      <dd>{count}</dd>
    </div>
  );
}
