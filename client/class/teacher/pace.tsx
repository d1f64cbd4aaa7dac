import { Choice } from "../../ui/choice.tsx";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { letterKey } from "../../ui/keyboard.ts";
import type { ClassView } from "../view.ts";
import { sayStep } from "../words.ts";
import type { Lead } from "./teacher.tsx";

/** Minutes that a teacher may give. */
const minutes = [1, 2, 3, 5, 10, 15] as const;

/** What paces the class. */
export function Pace({ view, isTimeUp, lead }: { view: ClassView; isTimeUp: boolean; lead: Lead }) {
  /** Whether nobody goes on: by the teacher's word, or by the clock. */
  const isStopped = view.isFrozen || isTimeUp;
  const { isShut, step, steps, rounds, areNamesHidden } = view;
  const { pupils, isComparing, comparison } = view;
  const freeze = useCommand({
    key: letterKey("F"),
    label: isStopped ? "Let them go on" : "Eyes to the front",
    available: true,
    run: () => void lead({ type: "freeze", frozen: !isStopped }),
  });
  // Where each goes on as they like, one can still have all stop at the first step.
  const following = steps[step + 1];
  const next = useCommand({
    key: letterKey("N"),
    label: !following
      ? "Next step for all"
      : step < 0
        ? `All stop at: ${sayStep(following)}`
        : `Next for all: ${sayStep(following)}`,
    available: following !== undefined,
    run: () => void lead({ type: "step", step: step + 1 }),
  });
  const names = useCommand({
    key: letterKey("H"),
    label: areNamesHidden ? "Show the names" : "Hide the names",
    available: true,
    run: () => void lead({ type: "names", hidden: !areNamesHidden }),
  });
  const door = useCommand({
    key: letterKey("D"),
    label: isShut ? "Let more in" : "Let nobody else in",
    available: true,
    run: () => void lead({ type: "door", open: isShut }),
  });
  const canCompare = pupils.filter(({ trained }) => trained > 0).length > 1;
  const options = {
    ...Object.fromEntries(steps.map((one, i) => [String(i), sayStep(one)])),
    free: "Each at their own pace",
  };
  return (
    <section aria-labelledby="pace-title">
      <h2 id="pace-title">The pace</h2>
      <p class="next">
        <CommandButton command={freeze} primary={isStopped} pressed={isStopped} />
        <CommandButton command={next} primary={step >= 0 && !isStopped} />
        <CommandButton command={names} pressed={areNamesHidden} />
        <CommandButton command={door} pressed={isShut} />
      </p>
      <Choice
        legend="All may go as far as"
        name="step"
        options={options}
        chosen={step < 0 ? "free" : String(step)}
        choose={(name) => void lead({ type: "step", step: name === "free" ? null : Number(name) })}
      />
      <p class="next pace-time">
        <span id="time-words">{isTimeUp ? "More time" : "All stop after"}</span>
        {minutes.map((n) => (
          <button
            key={n}
            type="button"
            aria-describedby="time-words"
            onClick={() => void lead({ type: "time", seconds: 60 * n })}
          >
            {n} min
          </button>
        ))}
        <button
          type="button"
          disabled={view.endsAt === 0}
          onClick={() => void lead({ type: "time", seconds: null })}
        >
          No limit
        </button>
      </p>
      {isTimeUp && (
        <p role="status">
          <b>Time is up, and everybody has stopped.</b> Give more time, go to the next step, or let
          them go on.
        </p>
      )}
      <p class="next">
        {view.level.learner && (
          <button type="button" onClick={() => void lead({ type: "rounds", rounds: rounds + 1 })}>
            One more round
          </button>
        )}
        {view.level.learner && (
          <button
            type="button"
            disabled={!canCompare || isComparing}
            onClick={() => void lead({ type: "compare" })}
          >
            {isComparing
              ? "The class’s learner is training …"
              : comparison > 0
                ? "Train the class’s learner again"
                : "Train the class’s learner"}
          </button>
        )}
        {view.shown > 0 && (
          <button
            type="button"
            class="primary"
            onClick={() => void lead({ type: "show", pupil: null })}
          >
            Show all on the wall
          </button>
        )}
      </p>
    </section>
  );
}
