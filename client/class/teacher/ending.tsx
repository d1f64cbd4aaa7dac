import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { TeacherView } from "../../../shared/class/requests.ts";
import { addressOf } from "../address.ts";
import type { ClassView } from "../view.ts";
import { saveTables } from "./save-tables.ts";
import type { Lead } from "./teacher.tsx";

/** What comes last: the data, the link to lead from elsewhere, and the end. */
export function Ending({
  id,
  secret,
  view,
  told,
  lead,
}: {
  id: string;
  secret: string;
  view: ClassView;
  told: TeacherView | null;
  lead: Lead;
}) {
  const isEnding = useSignal(false);
  const input = useId();
  const link = new URL(addressOf({ page: "teacher", id }, secret), location.href).href;
  return (
    <section aria-labelledby="ending-title">
      <h2 id="ending-title">Afterwards</h2>
      <p class="next">
        <button
          type="button"
          onClick={async () => {
            const tables = (await lead({ type: "tables" }))?.tables;
            if (tables) await saveTables(tables, view.title);
          }}
        >
          Download all data
        </button>
        {!view.isEnded &&
          (isEnding.value ? (
            <>
              <button type="button" class="primary" onClick={() => void lead({ type: "end" })}>
                End the class: nobody can go on
              </button>
              <button
                type="button"
                onClick={() => {
                  isEnding.value = false;
                }}
              >
                Not yet
              </button>
            </>
          ) : (
            <button
              type="button"
              onClick={() => {
                isEnding.value = true;
              }}
            >
              End the class
            </button>
          ))}
      </p>
      {isEnding.value && !view.isEnded && (
        <p role="status">
          The server then stores nothing more. If a pupil has no connection, what is only on their
          page is lost.
        </p>
      )}
      {told && (
        <p class="quiet-text">
          The server deletes the class and all its lessons on {sayDate(told.forgotten)}.
        </p>
      )}
      <details>
        <summary>Lead from another device</summary>
        <p class="link">
          <label for={input}>
            Your own link. You can lead the class from several pages at the same time.
          </label>
          <input
            id={input}
            readOnly
            value={link}
            onFocus={({ currentTarget }) => currentTarget.select()}
          />
        </p>
      </details>
    </section>
  );
}

function sayDate(ms: number): string {
  return new Date(ms).toLocaleDateString("en", { day: "numeric", month: "long", year: "numeric" });
}
