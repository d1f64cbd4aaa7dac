import { useLayoutEffect, useRef } from "preact/hooks";
import type { Step } from "../../shared/lesson/steps.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { KeyHint } from "../ui/keys.tsx";
import { Links } from "./links.tsx";

/** A key and what it does. */
type Entry = readonly [key: string, words: string];

const everywhere: readonly Entry[] = [
  ["1–5", "Go to a step"],
  ["C", "Clone"],
  ["P", "Show the code"],
  ["?", "Show these keys"],
];

/**
 * The keys that do something here, those of the wheel, of the step at hand and of every step, and
 * the links to the lesson.
 */
export function Help(props: { lesson: string; world: Level; step: Step; close: () => void }) {
  const { lesson, world, step, close } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const here = useRef<readonly Entry[] | null>(null);
  here.current ??= keysOnButtons();
  const out = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    dialog.current!.showModal();
    // A browser would begin with the first link.
    out.current!.focus();
  }, []);
  const steers = step === "demonstrate" || step === "correct";
  return (
    <dialog
      class="help"
      ref={dialog}
      aria-labelledby="help-title"
      onClose={close}
      onClick={(event) => {
        // What is beside the dialog counts as the dialog itself; what is in it does not.
        if (event.target === event.currentTarget) event.currentTarget.close();
      }}
      // Keys pressed in here are not the lesson's.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <form method="dialog">
        <h2 id="help-title">Keys</h2>
        <dl>
          {steers && (
            <div>
              <dt>
                <KeyHint world={world} />
              </dt>
              <dd>{world.steering.pace === "runs" ? "Steer" : "Move"}</dd>
            </div>
          )}
          {[...here.current, ...everywhere.filter(([key]) => !has(here.current!, key))].map(
            ([key, words]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{words}</dd>
              </div>
            ),
          )}
        </dl>
        <Links lesson={lesson} />
        <p>
          <button type="submit" class="primary" ref={out}>
            Close
          </button>
        </p>
      </form>
    </dialog>
  );
}

function has(entries: readonly Entry[], key: string): boolean {
  return entries.some(([other]) => other === key);
}

/** The step's keys, read off the buttons that bear them, so that this list cannot say anything else. */
function keysOnButtons(): Entry[] {
  const keys = document.querySelectorAll<HTMLElement>(".panel :is(button, summary) kbd");
  return [...keys].map((kbd): Entry => {
    const words = [...kbd.parentElement!.childNodes].filter((node) => node !== kbd);
    return [
      kbd.textContent,
      words
        .map((node) => node.textContent)
        .join("")
        .trim(),
    ];
  });
}
