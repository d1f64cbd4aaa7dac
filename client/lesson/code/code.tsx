import { useLayoutEffect, useRef } from "preact/hooks";
import type { RoundStep } from "../../../shared/imitation/round.ts";
import { useCommand } from "../../ui/commands.tsx";
import { escapeKey } from "../../ui/keyboard.ts";
import { type Excerpt, file, listedSteps, lookUp, loop, parts } from "./listing.ts";

/** A comment, or a keyword. */
const tokens =
  /(\/\/.*)|\b(export|function|const|let|for|return|yield|new|typeof|readonly|number|boolean|null)\b/g;

/** The loop that the lesson goes through, as it is written, with the step that it is at lit. */
export function Code({ step: at, close }: { step: RoundStep | null; close: () => void }) {
  const sheet = useRef<HTMLElement>(null);
  const listing = useRef<HTMLElement>(null);
  const step = lookUp(at);

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
  useCommand({ key: escapeKey, label: "Close the code", available: true, run: close }, "sheet");
  useLayoutEffect(() => {
    const lit = listing.current!.querySelector<HTMLElement>("[aria-current]");
    // Not scrollIntoView, which would move the page and whatever else is around it.
    if (lit) listing.current!.scrollTop = lit.offsetTop - listing.current!.clientHeight / 2;
  }, [step?.line]);

  return (
    <aside class="code" id="code" aria-label="The code" ref={sheet}>
      <header>
        <p role="status">
          {step === null
            ? "This step of the lesson is not in the loop"
            : `Step ${step.number} of ${listedSteps.size}: ${step.words}`}
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
        <Listing {...loop} lit={step?.line} />
        <details>
          <summary>The functions that it calls: fit, rollOut, choose and ask</summary>
          {parts.map((part) => (
            <Listing key={part.start} {...part} lit={undefined} />
          ))}
        </details>
        <p class="hint">The lines that run here, from {file}.</p>
      </section>
    </aside>
  );
}

/** @param lit number of the line that is lit */
function Listing({ start, lines, lit }: Excerpt & { lit: number | undefined }) {
  return (
    <pre>
      {lines.map((line, i) => (
        <code
          key={start + i}
          data-line={start + i}
          aria-current={start + i === lit ? "step" : undefined}
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
