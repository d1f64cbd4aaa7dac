import type { Level } from "../../shared/worlds/level.ts";
import type { Key } from "../../shared/worlds/steering.ts";
import type { Classroom } from "./classroom.ts";

const faces: Record<Key, readonly [face: string, name: string]> = {
  left: ["◀", "left"],
  right: ["▶", "right"],
  up: ["▲", "up"],
  down: ["▼", "down"],
  space: ["●", "stay"],
};

/** The world's keys as buttons, for thumbs. The style sheet shows them where there is no fine pointer. */
export function ThumbPads({ room, world }: { room: Classroom; world: Level }) {
  const step = room.step.value;
  const steered = step === "demonstrate" || step === "correct" || room.activity.value?.world;
  if (!steered) return null;
  const keys = Object.keys(world.steering.keys) as Key[];
  return (
    <div class={`pads pads-${keys.length}`}>
      {keys.map((key) => (
        <button
          key={key}
          type="button"
          class={`pad pad-${key}`}
          aria-label={faces[key][1]}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            room.controls.press(key);
          }}
          onPointerUp={() => room.controls.release(key)}
          onPointerCancel={() => room.controls.release(key)}
          onContextMenu={(event) => event.preventDefault()}
        >
          <span aria-hidden="true">{faces[key][0]}</span>
        </button>
      ))}
    </div>
  );
}
