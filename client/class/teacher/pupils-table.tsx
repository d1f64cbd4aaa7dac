import { useSignal } from "@preact/signals";
import { longestNickname } from "../../../shared/class/nickname.ts";
import type { TeacherView } from "../../../shared/class/requests.ts";
import { count } from "../../../shared/plural.ts";
import type { ClassView } from "../view.ts";
import { Dot } from "../wall/whereabouts.tsx";
import { sayScore, sayWhereabouts, whereaboutsOf } from "../words.ts";
import type { Lead } from "./teacher.tsx";

/** Everybody in the class, with what a teacher may do about each. */
export function PupilsTable({
  view,
  told,
  lead,
}: {
  view: ClassView;
  told: TeacherView | null;
  lead: Lead;
}) {
  const areHidden = view.areNamesHidden;
  const removed = (told?.pupils ?? []).filter(({ isRemoved }) => isRemoved);
  const nameOf = (number: number) =>
    told?.pupils.find((pupil) => pupil.number === number)?.nickname ??
    view.pupils.find((pupil) => pupil.number === number)!.name;
  return (
    <section aria-labelledby="pupils-title">
      <h2 id="pupils-title">{count(view.pupils.length, "pupil")}</h2>
      {view.pupils.length === 0 ? (
        <p>Nobody has come yet. Open the wall on the projector: it shows how to join.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be in reach of the keyboard
        <section class="pupils" tabIndex={0} aria-label="Pupils">
          <table class="figures">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Now</th>
                <th scope="col">Answers</th>
                <th scope="col">Score</th>
                <th scope="col">
                  <span class="hidden">What to do</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {view.pupils.map((pupil) => (
                <tr key={pupil.number}>
                  <th scope="row">
                    <bdi>{nameOf(pupil.number)}</bdi>
                    {areHidden && <span class="quiet-text"> No. {pupil.place}</span>}
                    {!pupil.isHere && <span class="quiet-text"> page closed</span>}
                  </th>
                  <td>
                    <Dot place={whereaboutsOf(view, pupil)} isHere={pupil.isHere} />{" "}
                    {sayWhereabouts(whereaboutsOf(view, pupil), view, true)}
                  </td>
                  <td>{pupil.labels}</td>
                  <td>{pupil.trained > 0 ? sayScore(view.world, pupil.score) : "–"}</td>
                  <td>
                    <About
                      number={pupil.number}
                      name={nameOf(pupil.number)}
                      isShown={view.shown === pupil.number}
                      canShow={pupil.trace > 0}
                      what={view.level.learner ? "crash and repair" : "the walk"}
                      lead={lead}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {removed.length > 0 && (
        <details>
          <summary>{count(removed.length, "pupil")} removed</summary>
          <ul class="removed">
            {removed.map(({ number, nickname }) => (
              <li key={number}>
                <bdi>{nickname}</bdi>{" "}
                <button
                  type="button"
                  onClick={() => void lead({ type: "remove", pupil: number, removed: false })}
                >
                  Let <bdi>{nickname}</bdi> in again
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function About({
  number,
  name,
  isShown,
  canShow,
  what,
  lead,
}: {
  number: number;
  name: string;
  isShown: boolean;
  canShow: boolean;
  what: string;
  lead: Lead;
}) {
  /** What is asked about them before it is done. */
  const asked = useSignal<"rename" | "remove" | null>(null);
  const nickname = useSignal("");
  const stop = () => {
    asked.value = null;
  };
  if (asked.value === "remove")
    return (
      <span class="about">
        <button
          type="button"
          onClick={() => void lead({ type: "remove", pupil: number, removed: true })}
        >
          Remove {name}
        </button>
        <button type="button" onClick={stop}>
          Keep
        </button>
      </span>
    );
  if (asked.value === "rename")
    return (
      <form
        class="about"
        onSubmit={async (event) => {
          event.preventDefault();
          const request = { type: "rename", pupil: number, nickname: nickname.peek() } as const;
          if (await lead(request)) stop();
        }}
      >
        <input
          aria-label={`Another name for ${name}`}
          maxLength={longestNickname}
          value={nickname.value}
          onInput={({ currentTarget }) => {
            nickname.value = currentTarget.value;
          }}
        />
        <button type="submit" disabled={nickname.value.trim() === ""}>
          Rename
        </button>
        <button type="button" onClick={stop}>
          Keep
        </button>
      </form>
    );
  return (
    <span class="about">
      <button
        type="button"
        aria-pressed={isShown}
        disabled={!canShow}
        aria-label={`${isShown ? "Shown" : "Show"}: ${what} of ${name}, to all`}
        onClick={() => void lead({ type: "show", pupil: isShown ? null : number })}
      >
        {isShown ? "Shown" : "Show"}
      </button>
      <button
        type="button"
        aria-label={`Rename ${name}`}
        onClick={() => {
          nickname.value = name;
          asked.value = "rename";
        }}
      >
        Rename
      </button>
      <button
        type="button"
        aria-label={`Remove ${name} from the class`}
        onClick={() => {
          asked.value = "remove";
        }}
      >
        Remove
      </button>
    </span>
  );
}
