import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { ParticipantRow } from "../../shared/study/overview.ts";
import type { ResearcherRequest, ResearcherView } from "../../shared/study/requests.ts";

/** Asks the server for something; null where it was refused, which is then said. */
export type Ask = (request: ResearcherRequest) => Promise<ResearcherView | null>;

/** Everybody who came, and a way to delete each. */
export function Participants({
  participants,
  ask,
}: {
  participants: readonly ParticipantRow[];
  ask: Ask;
}) {
  return (
    <>
      <h2>Participants</h2>
      {participants.length === 0 ? (
        <p>Nobody yet.</p>
      ) : (
        <Scrolling label="Participants">
          <table class="figures">
            <thead>
              <tr>
                <th scope="col">No.</th>
                <th scope="col">Panel’s id</th>
                <th scope="col">Condition</th>
                <th scope="col">Order</th>
                <th scope="col">Step</th>
                <th scope="col">Arrived</th>
                <th scope="col">Took</th>
                <th scope="col">Lessons</th>
                <th scope="col">Worth a look</th>
                <th scope="col">
                  <span class="hidden">Delete</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {participants.map((one) => (
                <Row key={one.number} one={one} ask={ask} />
              ))}
            </tbody>
          </table>
        </Scrolling>
      )}
    </>
  );
}

function Row({ one, ask }: { one: ParticipantRow; ask: Ask }) {
  const isSure = useSignal(false);
  return (
    <tr>
      <td>{one.number}</td>
      <th scope="row">
        <bdi class="panel-id">{one.id}</bdi>
      </th>
      <td>{one.condition ?? "–"}</td>
      <td>{one.order ? sayOrder(one.order) : "–"}</td>
      <td>{one.place}</td>
      <td>{new Date(one.arrived).toLocaleString()}</td>
      <td>{one.took === null ? "–" : sayDuration(one.took)}</td>
      <td>
        {one.lessons.map((lesson, i) => (
          <a
            key={lesson}
            class="lesson-link"
            href={`./?lesson=${lesson}`}
            target="_blank"
            rel="noopener"
          >
            {i + 1}
            <span class="hidden">: lesson of participant {one.number}, in a new window</span>
          </a>
        ))}
      </td>
      <td>{one.flags.join("; ")}</td>
      <td class="delete">
        {isSure.value ? (
          <>
            <button
              type="button"
              aria-label={`Delete participant ${one.number} for good`}
              onClick={() => ask({ type: "delete", participant: one.number })}
            >
              Delete for good
            </button>
            <button
              type="button"
              class="quiet"
              onClick={() => {
                isSure.value = false;
              }}
            >
              Keep
            </button>
          </>
        ) : (
          <button
            type="button"
            class="quiet"
            aria-label={`Delete participant ${one.number}`}
            onClick={() => {
              isSure.value = true;
            }}
          >
            ✕
          </button>
        )}
      </td>
    </tr>
  );
}

/** What is wider than a phone scrolls by itself, by keys too. */
export function Scrolling({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be in reach of the keyboard
    <section class="scrolling" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

/** The levels of the plan as they came, 1 for the first. */
export function sayOrder(order: readonly number[]): string {
  return order.map((i) => i + 1).join(" ");
}

export function sayDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}
