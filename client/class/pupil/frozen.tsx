import { useLayoutEffect, useRef } from "preact/hooks";
import type { Traces } from "../traces.ts";
import type { ClassView } from "../view.ts";
import { Shown } from "../wall/shown.tsx";

/** "Eyes to the front", or the time is up: nothing of the lesson is in reach until the teacher goes on. */
export function Frozen({ view, traces }: { view: ClassView; traces: Traces }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const own = dialog.current!;
    own.showModal();
    // Browsers let one leave a dialog, whatever it says.
    const stay = () => {
      if (own.isConnected) own.showModal();
    };
    own.addEventListener("close", stay);
    return () => own.removeEventListener("close", stay);
  }, []);
  const title = view.isFrozen ? "Eyes to the front" : "Time is up";
  const shown = view.pupils.find(({ number }) => number === view.shown);
  return (
    <dialog
      class="frozen"
      ref={dialog}
      aria-labelledby="frozen-title"
      onCancel={(event) => event.preventDefault()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <h2 id="frozen-title" tabIndex={-1}>
        {title}
      </h2>
      <p>
        {view.teacherPages > 0
          ? view.isFrozen
            ? "Your teacher is speaking. What you did is kept. You can go on in a moment."
            : "What you did is kept. You can go on when your teacher goes on, or gives you more time."
          : "Your teacher’s page is closed. What you did is kept. You can go on when the page is open again."}
      </p>
      {shown && (
        <div class="frozen-shown">
          <Shown view={view} pupil={shown} traces={traces} />
        </div>
      )}
    </dialog>
  );
}
