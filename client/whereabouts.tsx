import type { Driving } from "./play/driving.ts";

/** Where the person is, in words, step by step; nothing where the world is too fast for words. */
export function Whereabouts({ driving }: { driving: Driving }) {
  const { world, state, progress } = driving;
  if (!world.whereabouts) return null;
  return (
    <p class="hint whereabouts" role="status" data-time={progress.value.time}>
      {world.whereabouts(state)}
    </p>
  );
}
