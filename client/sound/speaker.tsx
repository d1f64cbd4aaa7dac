import { useEffect } from "preact/hooks";
import { isOn, startAtFirstPress, turnSound } from "./sound.ts";

/** Turns the sound on and off. It is off until it is pressed, and stays as it was left. */
export function SpeakerButton() {
  useEffect(startAtFirstPress, []);
  const on = isOn.value;
  return (
    <button
      type="button"
      class="quiet speaker"
      aria-pressed={on}
      onClick={() => turnSound(!on)}
      title={on ? "Turn the sound off" : "Turn the sound on"}
    >
      <svg width="1.1em" height="1.1em" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <path d="M1.5 5.5H4L8 2v12L4 10.5H1.5z" fill="currentColor" />
        <path
          d={on ? "M10.5 5.2a4 4 0 0 1 0 5.6M12.6 3.2a7 7 0 0 1 0 9.6" : "M11 6l4 4M15 6l-4 4"}
          fill="none"
          stroke="currentColor"
          stroke-width="1.4"
          stroke-linecap="round"
        />
      </svg>
      <span class="hidden">Sound</span>
    </button>
  );
}
