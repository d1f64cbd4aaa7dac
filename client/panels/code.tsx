import { useLayoutEffect, useRef } from "preact/hooks";
import source from "../../shared/imitation/round.ts?raw";
import type { Classroom } from "../classroom.ts";
import { Asking } from "../play/asking.ts";
import { Still } from "../play/still.ts";

const file = "shared/imitation/round.ts";
/** A step's number and words, as the loop's comments have them. */
const stepComment = /\/\/ +(\d)\. (.*)$/;
/** A comment, or a keyword. */
const tokens =
  /(\/\/.*)|\b(export|function|const|let|for|return|yield|new|typeof|readonly|number|boolean|null)\b/g;

interface Excerpt {
  /** Number in the file of the first line, from 1. */
  readonly start: number;
  readonly lines: readonly string[];
}

const loop = excerpt("export function* dagger");
const parts = ["clone", "drive", "ask"].map((name) => excerpt(`export function ${name}`));

/** The loop's steps in the words of its own comments, by number. */
const words = new Map(
  loop.lines.flatMap((line) => {
    const [, number, said] = line.match(stepComment) ?? [];
    return number && said ? [[Number(number), said] as const] : [];
  }),
);

/** The lines of the file from the one that begins with `opening` to its closing brace. */
function excerpt(opening: string): Excerpt {
  const lines = source.split("\n");
  const first = lines.findIndex((line) => line.startsWith(opening));
  const last = lines.indexOf("}", first);
  return { start: first + 1, lines: lines.slice(first, last + 1) };
}

/** Which of the loop's six steps the lesson is at; null for what is no part of the loop. */
function stepAt(room: Classroom): number | null {
  const activity = room.activity.value;
  switch (room.step.value) {
    case "demonstrate":
      return 1;
    case "clone":
      return 2;
    case "watch":
      return 3;
    case "correct":
      if (activity instanceof Asking)
        return { "lead-in": 4, open: 5, given: 6 }[activity.phase.value];
      return activity instanceof Still ? 6 : 5;
    case "reward":
      return null;
  }
}

/** The loop that the lesson goes through, as it is written, with the step that it is at lit. */
export function Code({ room, close }: { room: Classroom; close: () => void }) {
  const sheet = useRef<HTMLElement>(null);
  const listing = useRef<HTMLElement>(null);
  const step = stepAt(room);

  useLayoutEffect(() => {
    const opener = document.activeElement;
    listing.current!.focus({ preventScroll: true });
    return () => {
      // Whoever went on to something else meanwhile stays there.
      const here = document.activeElement;
      if (here && here !== document.body && !sheet.current?.contains(here)) return;
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    };
  }, []);
  useLayoutEffect(() => {
    // Escape is the step's key too: while the sheet is there, it is the sheet's.
    const leave = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      close();
    };
    addEventListener("keydown", leave, { capture: true });
    return () => removeEventListener("keydown", leave, { capture: true });
  }, [close]);
  useLayoutEffect(() => {
    const lit = listing.current!.querySelector<HTMLElement>("[aria-current]");
    // Not scrollIntoView, which would move the page and whatever else is around it.
    if (lit) listing.current!.scrollTop = lit.offsetTop - listing.current!.clientHeight / 2;
  }, [step]);

  return (
    <aside class="code" id="code" aria-label="The code" ref={sheet}>
      <header>
        <p role="status">
          {step === null
            ? "Not a step of the loop"
            : `Step ${step} of ${words.size}: ${words.get(step)}`}
        </p>
        <button type="button" class="quiet" aria-label="Close the code" onClick={close}>
          <span aria-hidden="true">✕</span>
        </button>
      </header>
      <section
        class="listing"
        aria-label="The DAgger loop"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be in reach of the keyboard
        tabIndex={0}
        ref={listing}
      >
        <Listing {...loop} step={step} />
        <details>
          <summary>clone, drive and ask, which it calls</summary>
          {parts.map((part) => (
            <Listing key={part.start} {...part} step={null} />
          ))}
        </details>
        <p class="hint">The lines that run here, from {file}.</p>
      </section>
    </aside>
  );
}

function Listing({ start, lines, step }: Excerpt & { step: number | null }) {
  return (
    <pre>
      {lines.map((line, i) => (
        <code
          key={start + i}
          data-line={start + i}
          aria-current={
            step !== null && line.match(stepComment)?.[1] === `${step}` ? "step" : undefined
          }
        >
          {coloured(line)}
          {"\n"}
        </code>
      ))}
    </pre>
  );
}

/** A line with its keywords and its comment set off. */
function coloured(line: string) {
  return line.split(tokens).map((part, i) => {
    // Of each three parts the first is what lies between, the others are the groups.
    if (!part || i % 3 === 0) return part;
    return i % 3 === 1 ? <i key={i}>{part}</i> : <b key={i}>{part}</b>;
  });
}
