import Phaser from "phaser";
import type { Level } from "../../shared/worlds/level.ts";
import { hear } from "../sound/sound.ts";
import type { Controls } from "./controls.ts";
import { StageGame } from "./game.ts";
import { rendererFor, rendererName } from "./renderer.ts";
import { StageScene } from "./scene.ts";
import { loadWebGL } from "./webgl.ts";

export type { StageScene };

/** Of a pointer event's buttons, the one that presses. */
const primaryButton = 1;

/** Asked once, and before there is a stage: the code of the one of them comes only where it is used. */
const renderer = rendererFor(rendererName());
const type = renderer === "webgl" && (await loadWebGL()) ? Phaser.WEBGL : Phaser.CANVAS;

/**
 * Puts a stage into `host` and lets a pointer on it reach `controls`. The one place where Phaser runs.
 * @returns the scene, and what takes it all away again
 */
export function mountStage(
  host: HTMLElement,
  world: Level,
  controls: Controls,
): { scene: StageScene; unmount: () => void } {
  const scene = new StageScene(world);
  const density = () => Math.min(2, devicePixelRatio || 1);
  const size = () => ({
    width: Math.max(1, Math.round(host.clientWidth * density())),
    height: Math.max(1, Math.round(host.clientHeight * density())),
  });
  const config: Phaser.Types.Core.GameConfig = {
    type,
    parent: host,
    ...size(),
    // The camera covers all of it.
    clearBeforeRender: false,
    scale: { mode: Phaser.Scale.NONE },
    input: { keyboard: false, mouse: false, touch: false, gamepad: false },
    audio: { noAudio: true },
    banner: false,
  };
  const game = new StageGame(config, scene);

  const resize = new ResizeObserver(() => {
    const { width, height } = size();
    game.scale.resize(width, height);
    game.canvas.style.width = game.canvas.style.height = "100%";
  });
  resize.observe(host);
  const repaint = () => scene.repaint();
  const theme = new MutationObserver(repaint);
  theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  // Which do not bubble.
  const restored = ["contextrestored", "webglcontextrestored"] as const;
  for (const name of restored) host.addEventListener(name, repaint, true);

  /** The pixel of the canvas that the pointer is on. */
  let pixel: readonly [number, number] = [0, 0];
  const place = (event: PointerEvent) => {
    const box = host.getBoundingClientRect();
    pixel = [(event.clientX - box.left) * density(), (event.clientY - box.top) * density()];
    return scene.at(...pixel);
  };
  scene.onScroll = () => {
    if (!controls.pointer) return;
    const { x, y } = scene.at(...pixel);
    controls.point(x, y, false);
  };
  let isPressed = false;
  const down = (event: PointerEvent) => {
    isPressed = true;
    // No text is selected on the way.
    document.documentElement.toggleAttribute("data-pressed", true);
    getSelection()?.removeAllRanges();
    host.setPointerCapture(event.pointerId);
    const { x, y } = place(event);
    const { pointerType } = event;
    controls.point(x, y, true, isPointer(pointerType) ? pointerType : "mouse");
  };
  const move = (event: PointerEvent) => {
    const { x, y } = place(event);
    if (controls.pointer) controls.point(x, y, false);
    // A press that was begun beside the stage is one as soon as it is on it.
    else if (event.buttons & primaryButton && !isPressed) down(event);
    else controls.onHover(x, y);
  };
  const up = () => {
    isPressed = false;
    document.documentElement.removeAttribute("data-pressed");
    controls.lift();
  };
  host.addEventListener("pointerdown", down);
  host.addEventListener("pointermove", move);
  host.addEventListener("pointerup", up);
  host.addEventListener("pointercancel", up);

  return {
    scene,
    unmount() {
      hear(null);
      resize.disconnect();
      theme.disconnect();
      for (const name of restored) host.removeEventListener(name, repaint, true);
      host.removeEventListener("pointerdown", down);
      host.removeEventListener("pointermove", move);
      host.removeEventListener("pointerup", up);
      host.removeEventListener("pointercancel", up);
      game.destroy(true);
    },
  };
}

/** Whether it is a kind of pointer that is told; browsers may know others. */
function isPointer(type: string): type is "mouse" | "touch" | "pen" {
  return ["mouse", "touch", "pen"].includes(type);
}
