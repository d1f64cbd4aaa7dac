import { setting } from "./comparing.ts";
import type { Who } from "./words.ts";

/** What is drawn how, in the picture and the chart. */
export function Legend() {
  return (
    <ul class="key">
      <li>
        <Sample who="expert" /> expert
      </li>
      <li>
        <Sample who="cloning" /> cloning
      </li>
      <li>
        <Sample who="dagger" /> DAgger
      </li>
      <li>
        <svg viewBox="0 0 36 12" class="corrections" aria-hidden="true">
          <path d="M6 6h.001M18 6h.001M30 6h.001" />
        </svg>{" "}
        where it was corrected
      </li>
      {setting.value.arena === "road" && (
        <li>
          <Fall who="cloning" /> <Fall who="dagger" /> crashes
        </li>
      )}
    </ul>
  );
}

function Sample({ who }: { who: Who }) {
  return (
    <svg viewBox="0 0 36 12" class={`drive ${who}`} aria-hidden="true">
      <path class="trail" d="M1 6H35" />
    </svg>
  );
}

function Fall({ who }: { who: Who }) {
  return (
    <svg viewBox="0 0 12 12" class={`drive ${who}`} aria-hidden="true">
      <path class="fall" d="M2 2L10 10M2 10L10 2" />
    </svg>
  );
}
