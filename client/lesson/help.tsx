import { useLayoutEffect, useRef } from "preact/hooks";
import type { Level } from "../../shared/worlds/level.ts";
import type { LessonSession } from "../net/session.ts";
import { TakeOut } from "../net/take-out.tsx";
import { commands } from "../ui/commands.tsx";
import { steering } from "../ui/keyboard.ts";
import { KeyHint } from "../ui/keys.tsx";
import { Links } from "./links.tsx";

/**
 * The keys that do something here, those of the wheel, of the step at hand and of every step, and
 * the links to the lesson.
 */
export function Help(props: {
  lesson: string;
  session: LessonSession;
  world: Level;
  close: () => void;
}) {
  const { lesson, session, world, close } = props;
  // Whose task it is tells them what becomes of it.
  const isTask = session.lesson.value.plan !== undefined;
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    dialog.current!.showModal();
    // A browser would begin with the first button, and scroll to it.
    heading.current!.focus();
  }, []);
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
        <header>
          <h2 id="help-title" tabIndex={-1} ref={heading}>
            Keys
          </h2>
          <button type="submit" class="primary">
            Close
          </button>
        </header>
        <dl>
          {steering.value.size > 0 && (
            <div>
              <dt>
                <KeyHint world={world} />
              </dt>
              <dd>{world.steering.pace === "runs" ? "Steer" : "Move"}</dd>
            </div>
          )}
          {commands()
            .filter(({ key }) => key.isFree)
            .map(({ key: { face }, label, available }) => (
              <div key={face} class={available ? undefined : "unavailable"}>
                <dt>
                  <kbd>{face}</kbd>
                </dt>
                <dd>{label}</dd>
              </div>
            ))}
        </dl>
        {session.keptIn === "server" && !isTask && <Links lesson={lesson} />}
        {!isTask && <TakeOut lesson={lesson} session={session} />}
      </form>
    </dialog>
  );
}
