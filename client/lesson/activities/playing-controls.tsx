import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { letterKey, signKey, spaceKey } from "../../ui/keyboard.ts";
import type { Playing } from "./playing.ts";

const speeds: readonly number[] = [1, 2, 4, 0.5];
/** Share of the whole that a key goes on or back. */
const stride = 1 / 40;

/** Stops what is played, goes through it, and has it faster or slower: by buttons, a slider and keys. */
export function PlayingControls({
  playing,
  available = true,
}: {
  playing: Playing;
  available?: boolean;
}) {
  const { paused, speed, length, position } = playing;
  const go = (to: number) => playing.seek(Math.min(length, Math.max(0, to)));
  const pause = useCommand({
    key: spaceKey,
    label: paused.value ? "Play" : "Pause",
    available,
    run() {
      paused.value = !paused.peek();
    },
  });
  useCommand({
    key: signKey(","),
    label: "A little back",
    available,
    run: () => go(playing.position - stride * length),
  });
  useCommand({
    key: signKey("."),
    label: "A little forward",
    available,
    run: () => go(playing.position + stride * length),
  });
  const faster = useCommand({
    key: letterKey("S"),
    label: `Speed ${saySpeed(speed.value)}`,
    available,
    run() {
      const now = speeds.indexOf(speed.peek());
      speed.value = speeds[(now + 1) % speeds.length]!;
    },
  });
  return (
    <div class="playing">
      <CommandButton command={pause} />
      <input
        type="range"
        aria-label="Where the replay is"
        aria-valuetext={`${Math.round((100 * position) / length)} %`}
        min={0}
        max={length}
        step={1}
        value={position}
        disabled={!available}
        onInput={({ currentTarget }) => go(currentTarget.valueAsNumber)}
      />
      <CommandButton command={faster} />
    </div>
  );
}

function saySpeed(speed: number): string {
  return speed === 0.5 ? "½×" : `${speed}×`;
}
