import type { Level } from "../../shared/worlds/level.ts";
import type { Key } from "../../shared/worlds/steering.ts";
import { printed } from "./layout.ts";

const faces: Record<Key, readonly [face: string, letter?: string]> = {
  up: ["↑", "W"],
  left: ["←", "A"],
  down: ["↓", "S"],
  right: ["→", "D"],
  space: ["Space"],
};

/** The keys that a world knows, as they stand on the person's keyboard. */
export function KeyHint({ world }: { world: Level }) {
  const keys = (Object.keys(faces) as Key[]).filter((key) => key in world.steering.keys);
  const letters = keys.flatMap((key) => {
    const letter = faces[key][1];
    return letter ? (printed.value.get(`Key${letter}`)?.toUpperCase() ?? letter) : [];
  });
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
