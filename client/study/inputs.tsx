import { useId } from "preact/hooks";

/** One of several options. */
export function Choice({
  name,
  text,
  options,
  chosen,
  choose,
  missing,
}: {
  name: string;
  text: string;
  options: readonly string[];
  chosen: number | null;
  choose: (option: number) => void;
  /** What is said where it has to be answered and is not. */
  missing?: string | null;
}) {
  return (
    <fieldset class="question">
      <legend class="question-text" dir="auto">
        {text}
      </legend>
      {options.map((option, i) => (
        <label key={i} class="option">
          <input type="radio" name={name} checked={chosen === i} onChange={() => choose(i)} />
          <span dir="auto">{option}</span>
        </label>
      ))}
      <Missing words={missing} />
    </fieldset>
  );
}

/** A number from 1 on, between two ends. */
export function Scale({
  name,
  text,
  ends,
  points,
  chosen,
  choose,
  missing,
}: {
  name: string;
  text: string;
  ends: readonly [string, string];
  points: number;
  chosen: number | null;
  choose: (point: number) => void;
  missing?: string | null;
}) {
  const [from, to] = ends;
  return (
    <fieldset class="question">
      <legend class="question-text" dir="auto">
        {text}
      </legend>
      <div class="scale">
        <div class="scale-points">
          {Array.from({ length: points }, (_, i) => (
            <label key={i} class="point">
              <input
                type="radio"
                name={name}
                checked={chosen === i + 1}
                aria-label={`${i + 1}${i === 0 ? `: ${from}` : i === points - 1 ? `: ${to}` : ""}`}
                onChange={() => choose(i + 1)}
              />
              <span class="figures" aria-hidden="true">
                {i + 1}
              </span>
            </label>
          ))}
        </div>
        <span class="scale-end" dir="auto">
          {from}
        </span>
        <span class="scale-end" dir="auto">
          {to}
        </span>
      </div>
      <Missing words={missing} />
    </fieldset>
  );
}

/** A text, within a limit. */
export function TextAnswer({
  text,
  longest,
  value,
  write,
  missing,
}: {
  text: string;
  longest: number;
  value: string;
  write: (text: string) => void;
  missing?: string | null;
}) {
  const id = useId();
  return (
    <div class="question">
      <label for={id} class="question-text" dir="auto">
        {text}
      </label>
      <textarea
        id={id}
        dir="auto"
        rows={4}
        maxLength={longest}
        value={value}
        onInput={({ currentTarget }) => write(currentTarget.value)}
      />
      <p class="quiet-text figures" aria-hidden="true">
        {value.length} / {longest}
      </p>
      <Missing words={missing} />
    </div>
  );
}

function Missing({ words }: { words: string | null | undefined }) {
  return words ? (
    <p class="missing" role="alert">
      {words}
    </p>
  ) : null;
}
