import { effect, signal } from "@preact/signals";
import { stepsIn } from "../../shared/worlds/steering.ts";
import { found, world } from "./comparing.ts";

/** Longest pause between two frames that is made up for, seconds. */
const longest = 0.1;

/** Steps driven so far, a fraction of the current one included. */
export const time = signal(0);
export const playing = signal(false);

export function playOrPause(): void {
  if (!playing.value && time.value >= end()) time.value = 0;
  playing.value = !playing.value && found.value !== null;
}

export function restart(): void {
  time.value = 0;
  playing.value = found.value !== null;
}

function end(): number {
  return world.peek()?.horizon ?? 0;
}

// Another drive begins at its start; those who asked for less motion see where it came to.
let before = "";
effect(() => {
  if (!found.value) return;
  const { arena, seed } = found.value.setting;
  const drive = `${arena} ${seed}`;
  if (drive === before) return;
  before = drive;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  time.value = still ? end() : 0;
  playing.value = !still;
});

effect(() => {
  if (!playing.value) return;
  let last: number | null = null;
  const tick = (now: number) => {
    const seconds = Math.min(longest, (now - (last ?? now)) / 1000);
    last = now;
    time.value = Math.min(end(), time.value + stepsIn(world.value!.steering, seconds, 0));
    if (time.value >= end()) playing.value = false;
    else frame = requestAnimationFrame(tick);
  };
  let frame = requestAnimationFrame(tick);
  return () => cancelAnimationFrame(frame);
});
