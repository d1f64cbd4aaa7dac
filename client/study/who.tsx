import { useSignal } from "@preact/signals";
import { defaultWords } from "../../shared/study/words.ts";
import { StudyFrame } from "./frame.tsx";

/** Longest id that a participant may have. */
const longestId = 128;

/** Asks who comes, where the address does not say it. */
export function WhoPage({ choose }: { choose: (id: string) => void }) {
  const id = useSignal("");
  return (
    <StudyFrame title="DAgger Dojo" progress={0}>
      <h1>{defaultWords.whoTitle}</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const given = id.peek().trim();
          if (given) choose(given);
        }}
      >
        <p class="field">
          <label for="who">{defaultWords.who}</label>
          <input
            id="who"
            autoComplete="off"
            maxLength={longestId}
            value={id.value}
            onInput={({ currentTarget }) => {
              id.value = currentTarget.value;
            }}
          />
        </p>
        <p class="next">
          <button type="submit" class="primary" disabled={id.value.trim() === ""}>
            {defaultWords.next}
          </button>
        </p>
      </form>
    </StudyFrame>
  );
}
