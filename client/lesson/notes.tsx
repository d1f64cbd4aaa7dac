import { useSignal } from "@preact/signals";
import { longestNote } from "../../shared/lesson/events/noted.ts";
import type { Step } from "../../shared/lesson/steps.ts";
import type { LessonActions, LessonState } from "./state.ts";

/** What the owner wrote down, and where more is written; whoever looks on may read it. */
export function Notes({
  state,
  on,
  titles,
}: {
  state: LessonState;
  on: LessonActions;
  titles: Readonly<Record<Step, string>>;
}) {
  const draft = useSignal("");
  const { notes } = state.lesson.value;
  const owner = state.owner.value;
  if (!owner && notes.length === 0) return null;

  const write = async (event: Event) => {
    event.preventDefault();
    const text = draft.peek().trim();
    if (text === "") return;
    // From here on the outbox keeps it.
    draft.value = "";
    const isStored = await on.ask("note", { step: state.step.peek(), text });
    if (!isStored && draft.peek() === "") draft.value = text;
  };
  return (
    <details class="notes">
      <summary>Notes{notes.length > 0 && <span class="figures"> ({notes.length})</span>}</summary>
      <ol>
        {notes.map(({ seq, step, text }) => (
          <li key={seq}>
            <b>{titles[step]}</b>
            <p>{text}</p>
          </li>
        ))}
      </ol>
      {owner && (
        <form onSubmit={write}>
          <label>
            A note
            <textarea
              rows={3}
              maxLength={longestNote}
              value={draft.value}
              onInput={({ currentTarget }) => {
                draft.value = currentTarget.value;
              }}
            />
          </label>
          <button type="submit" disabled={draft.value.trim() === ""}>
            Add the note
          </button>
        </form>
      )}
    </details>
  );
}
