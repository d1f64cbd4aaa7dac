import { useLayoutEffect, useRef } from "preact/hooks";
import type { Level } from "../../shared/worlds/level.ts";
import type { Key } from "../../shared/worlds/steering.ts";
import { isElsewhere } from "./keyboard.ts";

const faces: Record<Key, readonly string[]> = {
  up: ["↑", "W"],
  left: ["←", "A"],
  down: ["↓", "S"],
  right: ["→", "D"],
  space: ["Space"],
};

/** The keys that a world knows, as they stand on a keyboard. */
export function KeyHint({ world }: { world: Level }) {
  const keys = (Object.keys(faces) as Key[]).filter((key) => key in world.steering.keys);
  const row = (i: number) => keys.flatMap((key) => faces[key][i] ?? []);
  return (
    <span class="keys">
      {row(0).map((face) => (
        <kbd key={face}>{face}</kbd>
      ))}
      <span> or </span>
      {row(1).map((face) => (
        <kbd key={face}>{face}</kbd>
      ))}
    </span>
  );
}

/** Calls `press` when the key with this code is pressed, while the component is there. */
export function useKey(code: string, press: () => void): void {
  const latest = useRef(press);
  latest.current = press;
  // Before the next key can come: a step's keys must not outlive it, nor come late.
  useLayoutEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.code !== code || event.repeat || isElsewhere(event)) return;
      event.preventDefault();
      latest.current();
    };
    addEventListener("keydown", down);
    return () => removeEventListener("keydown", down);
  }, [code]);
}
