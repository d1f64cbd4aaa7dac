import { useEffect, useMemo } from "preact/hooks";
import { count } from "../../../shared/plural.ts";
import type { Path } from "../../drawing/trails.ts";
import { prefersStillness } from "../../stage/stillness.ts";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { enterKey } from "../../ui/keyboard.ts";
import { PlayingControls } from "../activities/playing-controls.tsx";
import { SideBySide } from "../activities/side-by-side.ts";
import { demonstrationTrails } from "../demonstrations.ts";
import { type PanelProps, useScene } from "../state.ts";

/** Milliseconds for which one looks at where both came to. */
const look = 1500;

/** The clone and the corrected learner, from the same start in the same wind; then it is time to tell. */
export function Pair({
  state,
  on,
  world,
  clone,
  corrected,
  tell,
}: Pick<PanelProps, "state" | "on" | "world"> & {
  readonly clone: Path;
  readonly corrected: Path;
  readonly tell: () => void;
}) {
  const both = useMemo(
    () =>
      new SideBySide(
        world,
        { clone, corrected },
        { background: demonstrationTrails(state.lesson.peek()) },
      ),
    [state, world, clone, corrected],
  );
  const { phase, cloneFalls, correctedFalls } = both.progress.value;
  const isOver = phase === "over";
  useEffect(() => {
    if (!isOver) return;
    const timer = setTimeout(tell, look);
    return () => clearTimeout(timer);
  }, [isOver, tell]);
  useScene(on, both, () => "Outline: your clone. Full colour: the learner now");
  const skip = useCommand({ key: enterKey, label: "Skip", available: true, run: tell });
  return (
    <>
      <p class="in-words">
        {world.weather === undefined ? "The same start." : "The same start, the same wind."}
      </p>
      {world.canFall && (
        <table class="standings figures">
          <caption class="hidden">Crashes so far</caption>
          <tbody>
            <tr>
              <th scope="row" class="learner ghost">
                Your clone
              </th>
              <td>{sayCrashes(cloneFalls, isOver)}</td>
            </tr>
            <tr>
              <th scope="row" class="learner">
                The learner now
              </th>
              <td>{sayCrashes(correctedFalls, isOver)}</td>
            </tr>
          </tbody>
        </table>
      )}
      {!prefersStillness() && <PlayingControls playing={both} />}
      <p class="next">
        <CommandButton command={skip} />
      </p>
    </>
  );
}

function sayCrashes(n: number, isOver: boolean): string {
  return n === 0 ? `no crash${isOver ? "" : " yet"}` : count(n, "crash", "crashes");
}
