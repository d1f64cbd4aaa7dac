import { useLayoutEffect } from "preact/hooks";
import type { Level } from "../../shared/worlds/level.ts";
import { isByKeys, type Key } from "../../shared/worlds/steering.ts";
import { steering } from "./keyboard.ts";
import { printed } from "./layout.ts";

const faces: Record<Key, readonly [face: string, letter?: string]> = {
  up: ["↑", "W"],
  left: ["←", "A"],
  down: ["↓", "S"],
  right: ["→", "D"],
  space: ["Space"],
};

function keysOf(world: Level): Key[] {
  return (Object.keys(faces) as Key[]).filter((key) => key in world.steering.keys);
}

function lettersOf(world: Level): string[] {
  return keysOf(world).flatMap((key) => faces[key][1] ?? []);
}

/** Has the letters steer that `world` knows, and be no commands' keys, while the component is there. */
export function useSteeringLetters(world: Level): void {
  useLayoutEffect(() => {
    steering.value = new Set(lettersOf(world).map((letter) => `Key${letter}`));
    return () => {
      steering.value = new Set();
    };
  }, [world]);
}

/** How one steers: by the keys, and by the picture where that steers too. */
export function SteerHint({ world }: { world: Level }) {
  const verb = world.steering.pace === "runs" ? "Hold" : "Press";
  if (isByKeys(world))
    return (
      <>
        <span class="with-keys">
          {verb} <KeyHint world={world} />
        </span>
        <span class="with-touch">Hold ◀ or ▶ below the picture</span>
      </>
    );
  return (
    <>
      <span class="with-keys">
        {verb} <KeyHint world={world} />, or{" "}
      </span>
      press the picture where you want to go
    </>
  );
}

/** The keys that a world knows, as they stand on the person's keyboard. */
export function KeyHint({ world }: { world: Level }) {
  const keys = keysOf(world);
  const letters = lettersOf(world).map(
    (letter) => printed.value.get(`Key${letter}`)?.toUpperCase() ?? letter,
  );
  return (
    <span class="keys">
      {keys.map((key) => (
        <kbd key={key}>{faces[key][0]}</kbd>
      ))}
      <span> or </span>
      {letters.map((face) => (
        <kbd key={face}>{face}</kbd>
      ))}
    </span>
  );
}
