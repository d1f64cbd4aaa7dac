import { rounds, setting } from "./comparing.ts";
import { mostRounds } from "./duel.ts";
import { winds } from "./words.ts";

/** How many rounds are looked at, and how windy it is. */
export function Sliders() {
  const { arena, wind } = setting.value;
  const { words, unit, most, step } = winds[arena];
  return (
    <div class="sliders">
      <Slider
        words="Rounds of DAgger"
        value={rounds.value}
        shown={rounds.value === 0 ? "0, cloning only" : String(rounds.value)}
        most={mostRounds}
        step={1}
        set={(value) => {
          rounds.value = value;
        }}
      />
      <Slider
        words={words}
        value={wind}
        shown={`${wind} ${unit}`}
        most={most}
        step={step}
        set={(value) => {
          setting.value = { ...setting.value, wind: value };
        }}
      />
    </div>
  );
}

function Slider({
  words,
  value,
  shown,
  most,
  step,
  set,
}: {
  words: string;
  value: number;
  shown: string;
  most: number;
  step: number;
  set: (value: number) => void;
}) {
  return (
    <label>
      <span>
        {words}: <b class="figures">{shown}</b>
      </span>
      <input
        type="range"
        min="0"
        max={most}
        step={step}
        value={value}
        aria-label={words}
        aria-valuetext={shown}
        onInput={(event) => set(event.currentTarget.valueAsNumber)}
      />
    </label>
  );
}
