import { useMemo } from "preact/hooks";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { enterKey } from "../../ui/keyboard.ts";
import { pathOfEpisode } from "../../worlds/replays.ts";
import { PlayingControls } from "../activities/playing-controls.tsx";
import { Replay } from "../activities/replay.ts";
import { demonstrationTrails } from "../demonstrations.ts";
import { type PanelProps, useScene } from "../state.ts";

/** The round's drives, and nothing of how good they are: where the lesson's plan has it so. */
export function Drives({ state, on, world }: PanelProps) {
  const lesson = state.lesson.value;
  const round = lesson.rounds.at(-1)!;
  const replay = useMemo(
    () =>
      new Replay(
        world,
        round.episodes.map(pathOfEpisode),
        "learner",
        demonstrationTrails(lesson),
        round.uncertainty,
      ),
    [world, round.seq],
  );
  useScene(on, replay, () => {
    const { index } = replay.progress.value;
    return `The learner, drive ${index + 1} of ${round.episodes.length}`;
  });
  const held = state.heldAt("correct");
  const correct = useCommand({
    key: enterKey,
    label: "Correct it",
    available: state.allows("correct"),
    run: () => on.go("correct"),
  });
  return (
    <>
      <p class="in-words">This is how it drives now.</p>
      {(state.allows("correct") || held) && (
        <p class="next">
          <CommandButton command={correct} primary />
        </p>
      )}
      {held && <p class="quiet-text">{held}</p>}
      <PlayingControls playing={replay} />
    </>
  );
}
