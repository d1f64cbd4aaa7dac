import type { ReadonlySignal } from "@preact/signals";
import type { World } from "../shared/worlds/world.ts";

/** A drive under way, whoever drives. */
interface UnderWay {
  readonly world: World;
  readonly state: Float64Array;
  readonly progress: ReadonlySignal<{ readonly time: number }>;
}

/** Where one is, in words, step by step; nothing where the world is too fast for words. */
export function Whereabouts({ driving }: { driving: UnderWay }) {
  const { world, state, progress } = driving;
  if (!world.whereabouts) return null;
  return (
    <p class="hint whereabouts" role="status" data-time={progress.value.time}>
      {world.whereabouts(state)}
    </p>
  );
}
