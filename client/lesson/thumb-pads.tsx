import type { Key } from "../../shared/worlds/steering.ts";
import type { PanelProps } from "./state.ts";

const faces: Record<Key, readonly [face: string, name: string]> = {
  left: ["◀", "left"],
  right: ["▶", "right"],
  up: ["▲", "up"],
  down: ["▼", "down"],
  space: ["●", "stay"],
};

/** The world's keys as buttons, for thumbs. The style sheet shows them where there is no fine pointer. */
export function ThumbPads({ state, world, controls }: Omit<PanelProps, "on">) {
  const step = state.step.value;
  const teaches = state.owner.value && (step === "demonstrate" || step === "correct");
  const steered = teaches || state.scene.value?.activity.world;
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
            controls.press(key, "touch");
          }}
          onPointerUp={() => controls.release(key)}
          onPointerCancel={() => controls.release(key)}
          onContextMenu={(event) => event.preventDefault()}
        >
          <span aria-hidden="true">{faces[key][0]}</span>
        </button>
      ))}
    </div>
  );
}
