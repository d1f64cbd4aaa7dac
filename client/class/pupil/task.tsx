import { useId } from "preact/hooks";
import type { PupilView as Seat } from "../../../shared/class/requests.ts";
import type { Lesson } from "../../../shared/lesson/lesson.ts";
import { leastCorrections, nCorrections } from "../../../shared/lesson/locks.ts";
import type { TaskProps } from "../../lesson/page.tsx";
import { Notice } from "../../ui/notice.tsx";
import { addressOf } from "../address.ts";
import type { ClassConnection } from "../connection.ts";
import { useTimeLeft } from "../use-class.ts";
import type { ClassView, PupilView } from "../view.ts";
import { heldAt } from "../where.ts";
import { sayStep, sayTime } from "../words.ts";
import { Prediction } from "./prediction.tsx";

/** What the class says of a pupil's lesson, above its panel. */
export function PupilTask({
  session,
  id,
  seat,
  secret,
  connection,
}: TaskProps & {
  readonly id: string;
  readonly seat: Seat;
  readonly secret: string;
  readonly connection: ClassConnection;
}) {
  const view = connection.view.value;
  const pupil = view?.pupils.find(({ number }) => number === seat.pupil);
  const left = useTimeLeft(connection, view?.endsAt ?? 0);
  const failure = connection.failure.value;
  return (
    <section class="task pupil-task" aria-labelledby="task-title">
      <h2 id="task-title" class="task-title">
        <bdi>{pupil?.nickname || seat.nickname}</bdi>
        {left !== null && (
          <span class="figures task-time">{left > 0 ? sayTime(left) : "Time is up"}</span>
        )}
      </h2>
      {failure && <Notice>{failure}</Notice>}
      {!failure && view && !connection.isLive.value && (
        <Notice role="status">The class cannot be reached; your lesson goes on.</Notice>
      )}
      {view?.areNamesHidden && pupil && (
        <p>
          Names are hidden. On the big screen you are <b class="figures">No. {pupil.place}</b>.
        </p>
      )}
      {view && pupil && <WhatNow view={view} pupil={pupil} lesson={session.lesson.value} />}
      {view && pupil && (
        <Prediction
          key={`${pupil.activity} ${pupil.trained}`}
          world={view.world}
          id={id}
          lesson={seat.lesson.id}
          pupil={pupil}
          secret={secret}
        />
      )}
      {view?.isEnded && (
        <p>
          <a class="button" href={addressOf({ page: "debrief", id })}>
            See the results of the class
          </a>
        </p>
      )}
      <details>
        <summary>Your own link</summary>
        <OwnLink id={id} pupil={seat.pupil} secret={secret} />
      </details>
    </section>
  );
}

function WhatNow({ view, pupil, lesson }: { view: ClassView; pupil: PupilView; lesson: Lesson }) {
  if (view.isEnded) return <p role="status">The class has ended. Thank you for teaching!</p>;
  const held = heldAt(view, pupil);
  if (held)
    return (
      <p role="status">
        <b>Well done.</b> Wait for your teacher to begin “{sayStep(held)}”.
      </p>
    );
  if (pupil.activity === "done")
    return (
      <p role="status">
        You are done. Look at the big screen:{" "}
        {view.level.learner ? "your learner drives there." : "it shows what you did."}
      </p>
    );
  return <p class="quiet-text figures">{sayProgress(lesson)}</p>;
}

/** How far a pupil has come, in the plan's own numbers. */
function sayProgress(lesson: Lesson): string {
  const { plan, demonstrations, rounds } = lesson;
  if (!plan) return "";
  const shown = `Demonstrations ${demonstrations.length} of ${plan.demonstrations.least}`;
  if (rounds.length === 0 || plan.rounds === 0) return shown;
  const round = `Round ${Math.min(rounds.length, plan.rounds)} of ${plan.rounds}`;
  const [given, least] = [nCorrections(lesson), leastCorrections(lesson)];
  return `${round} · corrections ${given}${given <= least ? ` of ${least}` : ""}`;
}

function OwnLink({ id, pupil, secret }: { id: string; pupil: number; secret: string }) {
  const input = useId();
  const url = new URL(addressOf({ page: "pupil", id, pupil }, secret), location.href).href;
  return (
    <p class="link">
      <label for={input}>
        Use this link to go on from another device. Do not share it: with it others can go on in
        your place.
      </label>
      <input
        id={input}
        readOnly
        value={url}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
    </p>
  );
}
