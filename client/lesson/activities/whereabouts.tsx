import type { ReadonlySignal } from "@preact/signals";
import type { Level } from "../../../shared/worlds/level.ts";

/** A drive under way, whoever drives. */
interface UnderWay {
  readonly world: Level;
  readonly state: Float64Array;
  readonly progress: ReadonlySignal<{ readonly time: number }>;
}

/** Where one is, in words, step by step; nothing where the world is too fast for words. */
export function Whereabouts({ driving }: { driving: UnderWay }) {
  const { world, state, progress } = driving;
  const { names } = world;
  if (!names) return null;
  return (
    <p class="hint whereabouts" role="status" data-time={progress.value.time}>
      {names.whereabouts(state)}
    </p>
  );
}

/** What to do where a move led nowhere. */
export function sayStuck(): string {
  return matchMedia("(pointer: coarse)").matches
    ? "You cannot go that way. Tap a tile next to you"
    : "You cannot go that way. Try another arrow key";
}
