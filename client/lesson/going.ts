import { useSignal } from "@preact/signals";
import type { LessonActions } from "./state.ts";

/**
 * The way to a lesson that is created first; where that fails one is told why, and may try again.
 * @param create resolves to its id
 */
export function useGoing(on: LessonActions, create: () => Promise<string>) {
  const going = useSignal(false);
  const go = async () => {
    if (going.value) return;
    going.value = true;
    try {
      on.open(await create());
    } catch (error) {
      on.warn((error as Error).message);
      going.value = false;
    }
  };
  return { available: !going.value, run: () => void go() };
}
