import { useEffect, useMemo } from "preact/hooks";
import type { Debrief } from "../../../shared/class/debrief.ts";
import type { TeacherView } from "../../../shared/class/requests.ts";
import { count, plural } from "../../../shared/plural.ts";
import { Notice } from "../../ui/notice.tsx";
import { ThemeButton } from "../../ui/theme.tsx";
import { addressOf } from "../address.ts";
import { Asking } from "../asking.ts";
import type { ClassConnection } from "../connection.ts";
import { classSecret } from "../kept.ts";
import { ComparisonBars } from "../learner/comparison.tsx";
import { Disagreement } from "../learner/disagreement.tsx";
import { Outcome, Outdated } from "../learner/outcome.tsx";
import { useAnswer } from "../learner/use-answer.ts";
import { saveTables } from "../teacher/save-tables.ts";
import { useClass } from "../use-class.ts";
import type { ClassView } from "../view.ts";
import { capital, ProgressChart } from "../wall/progress-chart.tsx";
import { sayScore } from "../words.ts";
import { Predictions } from "./predictions.tsx";
import { SpreadBars } from "./spread-bars.tsx";
import { Swaps } from "./swaps.tsx";
import { sayNoise, waysWords } from "./words.ts";
import "./debrief.css";

/** The class's last page: its own numbers, and what to talk about. It can be printed. */
export function DebriefPage({ id }: { id: string }) {
  const { connection } = useClass({ class: id });
  const view = connection.view.value;
  useEffect(() => {
    if (view) document.title = `${view.title} – debrief`;
  }, [view?.title]);
  useEffect(printLight, []);
  const failure = connection.failure.value;
  if (failure)
    return (
      <main class="lost">
        <h1>The results of this class cannot be shown</h1>
        <p>{failure}</p>
      </main>
    );
  return (
    <main class="welcome debrief">
      <header>
        <p class="brand">
          <a href="./">DAgger Dojo</a>
        </p>
        <ThemeButton />
      </header>
      {view ? (
        <Told id={id} view={view} connection={connection} />
      ) : (
        <p role="status">{connection.obstacle.value ?? "Opening …"}</p>
      )}
    </main>
  );
}

/** Paper is light, whatever the screen is. */
function printLight(): () => void {
  const { dataset } = document.documentElement;
  let before = dataset.theme;
  const turn = () => {
    before = dataset.theme;
    dataset.theme = "light";
  };
  const turnBack = () => {
    dataset.theme = before;
  };
  addEventListener("beforeprint", turn);
  addEventListener("afterprint", turnBack);
  return () => {
    removeEventListener("beforeprint", turn);
    removeEventListener("afterprint", turnBack);
  };
}

function Told({
  id,
  view,
  connection,
}: {
  id: string;
  view: ClassView;
  connection: ClassConnection;
}) {
  // Told anew when a learner was trained, somebody came, or the class's learner was.
  const version = `${view.comparison} ${view.pupils.map(({ trace, activity }) => `${trace}${activity}`)}`;
  const { answer, trouble } = useAnswer(connection, "debrief", version);
  const nameOf = (number: number) =>
    view.pupils.find((pupil) => pupil.number === number)?.name ?? "Somebody who left";
  return (
    <>
      <h1>{view.title}: results</h1>
      <Tools id={id} view={view} />
      {trouble && !answer && <Notice role="status">{trouble}</Notice>}
      {answer && <Totals debrief={answer} isTaught={view.level.learner !== null} />}
      {answer && (
        <div class="debrief-parts">
          <Numbers view={view} debrief={answer} nameOf={nameOf} />
          {answer.comparison && <WhereApart view={view} connection={connection} />}
          <section class="to-discuss" aria-labelledby="discuss-title">
            <h2 id="discuss-title">To discuss</h2>
            <ol>
              {answer.questions.map((question) => (
                <li key={question}>{question}</li>
              ))}
            </ol>
          </section>
        </div>
      )}
    </>
  );
}

function Tools({ id, view }: { id: string; view: ClassView }) {
  const secret = classSecret(id);
  const asking = useMemo(() => new Asking(), []);
  useEffect(() => () => asking.close(), [asking]);
  const save = async () => {
    const body = { secret, request: { type: "tables" } };
    const answer = await asking.ask<TeacherView>(`/api/classes/${id}`, body);
    if (answer?.tables) await saveTables(answer.tables, view.title);
  };
  return (
    <>
      <p class="next tools">
        <button type="button" class="primary" onClick={() => print()}>
          Print this page
        </button>
        {secret !== null && (
          <button type="button" disabled={asking.busy.value} onClick={save}>
            Download all data
          </button>
        )}
        <a class="button" href={addressOf({ page: "wall", id })}>
          The wall
        </a>
      </p>
      {asking.trouble.value && <Notice>{asking.trouble.value}</Notice>}
    </>
  );
}

function Totals({
  debrief: { pupils, taught, done, read, labels },
  isTaught,
}: {
  debrief: Debrief;
  /** Whether there are learners in the class's plan. */
  isTaught: boolean;
}) {
  return (
    <dl class="totals figures">
      <Total words={plural(pupils, "pupil")} value={String(pupils)} />
      {isTaught ? (
        <Total words="trained a learner" value={String(taught)} />
      ) : (
        <Total words="have a reward map" value={String(read)} />
      )}
      <Total words="finished the plan" value={String(done)} />
      {labels && <Total words="answers each (median)" value={String(Math.round(labels.median))} />}
    </dl>
  );
}

function Numbers({
  view,
  debrief,
  nameOf,
}: {
  view: ClassView;
  debrief: Debrief;
  nameOf: (pupil: number) => string;
}) {
  const { clones, corrected, labelsNeeded, noise, unit } = debrief;
  const say = (score: number) => sayScore(view.world, score);
  const rows = [
    ...(clones ? [{ words: "The clones", spread: clones }] : []),
    ...(corrected ? [{ words: "After corrections", spread: corrected }] : []),
  ];
  return (
    <>
      {rows.length > 0 && (
        <section aria-labelledby="spread-title">
          <h2 id="spread-title">{capital(unit)}</h2>
          <SpreadBars rows={rows} say={say} />
          {labelsNeeded?.labels && labelsNeeded.score > 0 && (
            <p>
              To be twice as good as your median clone ({say(labelsNeeded.score)}), a learner needed{" "}
              <b class="figures">{Math.round(labelsNeeded.labels.median)} answers</b> (median of{" "}
              {count(labelsNeeded.labels.n, "learner")} that got so far).
            </p>
          )}
        </section>
      )}
      {view.pupils.some(({ trained }) => trained > 0) && <ProgressChart view={view} />}
      <Predictions debrief={debrief} world={view.world} say={say} nameOf={nameOf} />
      {noise.length > 0 && (
        <section aria-labelledby="noise-title">
          <h2 id="noise-title">How sure you were</h2>
          <p>Some questions came twice. Where the two answers differ, nobody could copy both.</p>
          <ul>
            {noise.map((one) => (
              <li key={one.way}>
                <b>{waysWords[one.way]}</b>: {sayNoise(one)}
              </li>
            ))}
          </ul>
        </section>
      )}
      {view.level.learner && !debrief.comparison && (
        <section aria-labelledby="class-learner-title">
          <h2 id="class-learner-title">The class’s learner</h2>
          <p>
            {view.isComparing
              ? "It is training. Its result will be here in a moment."
              : "It is not trained yet. Training starts when everybody has finished the plan and two have a learner, or when the teacher presses “Train the class’s learner”."}
          </p>
        </section>
      )}
      {debrief.comparison && (
        <section aria-labelledby="class-learner-title">
          <h2 id="class-learner-title">The class’s learner</h2>
          {debrief.since && <Outdated since={debrief.since} />}
          <Outcome
            comparison={debrief.comparison}
            better={debrief.better}
            say={say}
            nameOf={nameOf}
          />
          <ComparisonBars comparison={debrief.comparison} unit={unit} say={say} nameOf={nameOf} />
          <Swaps comparison={debrief.comparison} say={say} nameOf={nameOf} />
        </section>
      )}
    </>
  );
}

function WhereApart({ view, connection }: { view: ClassView; connection: ClassConnection }) {
  const { answer } = useAnswer(connection, "map", view.comparison);
  return answer && <Disagreement level={view.world} map={answer} />;
}

function Total({ words, value }: { words: string; value: string }) {
  return (
    <div>
      <dt>{words}</dt>
      <dd>{value}</dd>
    </div>
  );
}
