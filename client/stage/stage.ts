import Phaser from "phaser";
import type { World } from "../../shared/worlds/world.ts";
import { type Activity, nothing, type View } from "../play/activity.ts";
import type { Controls } from "../play/controls.ts";
import { type Colours, readColours } from "./colours.ts";
import { drawAgent, drawCursor, drawFall, drawTrail } from "./draw.ts";
import { Frame } from "./frame.ts";
import { paintMap, paintTrail, paintWorld } from "./ground.ts";

/** The one place where Phaser runs: draws a world and whatever goes on in it. */
export class StageScene extends Phaser.Scene {
  /** What is going on; asked for a view once a frame. */
  activity: Activity | null = null;
  readonly #home: World;
  #world: World;
  #colours: Colours = readColours();
  #frame: Frame | null = null;
  #ground!: Phaser.Textures.CanvasTexture;
  #picture!: Phaser.GameObjects.Image;
  #action!: Phaser.GameObjects.Graphics;
  /** What the ground was painted for. */
  #painted: Pick<View, "background" | "map"> = nothing;

  constructor(world: World) {
    super("stage");
    this.#home = this.#world = world;
  }

  create(): void {
    this.#ground = this.textures.createCanvas("ground", 1, 1)!;
    this.#picture = this.add.image(0, 0, "ground").setOrigin(0);
    this.#action = this.add.graphics();
    this.scale.on("resize", () => this.repaint());
    this.repaint();
  }

  /** Draws all of it again, in the colours of the theme in force. */
  repaint(): void {
    if (!this.#ground) return;
    this.#colours = readColours();
    const { width, height } = this.scale;
    this.#frame = new Frame(this.#world.stage, width, height);
    this.cameras.main.setSize(width, height).setBackgroundColor(this.#colours.paper);
    this.#ground.setSize(width, height);
    this.#picture.setTexture("ground");
    this.#paint(this.#painted);
  }

  /** The world's point under a pixel of the canvas. */
  at(px: number, py: number): { x: number; y: number } {
    return this.#frame?.at(px, py) ?? { x: 0, y: 0 };
  }

  override update(_time: number, milliseconds: number): void {
    const world = this.activity?.world ?? this.#home;
    if (world !== this.#world) {
      this.#world = world;
      this.repaint();
    }
    const frame = this.#frame;
    if (!frame) return;
    const view = this.activity?.frame(milliseconds / 1000) ?? nothing;
    if (view.background !== this.#painted.background || view.map !== this.#painted.map) {
      this.#paint(view);
    }
    this.#action.clear();
    for (const trail of view.trails) drawTrail(this.#action, trail, frame, this.#colours);
    for (const fall of view.falls) drawFall(this.#action, fall, frame, this.#colours);
    for (const agent of view.agents) {
      drawAgent(this.#action, this.#world.stage, agent, frame, this.#colours);
    }
    if (view.cursor) drawCursor(this.#action, view.cursor, frame, this.#colours);
  }

  #paint({ background, map }: Pick<View, "background" | "map">): void {
    const frame = this.#frame!;
    this.#painted = { background, map };
    const { context } = this.#ground.clear();
    paintWorld(context, this.#world.stage, frame, this.#colours);
    if (map) paintMap(context, map, this.#world.stage, frame, this.#colours);
    for (const trail of background) paintTrail(context, trail, frame, this.#colours);
    this.#ground.refresh();
  }
}

/**
 * Puts a stage into `host` and lets a pointer on it reach `controls`.
 * @returns the scene, and what takes it all away again
 */
export function mountStage(
  host: HTMLElement,
  world: World,
  controls: Controls,
): { scene: StageScene; unmount: () => void } {
  const scene = new StageScene(world);
  const density = () => Math.min(2, devicePixelRatio || 1);
  const size = () => ({
    width: Math.max(1, Math.round(host.clientWidth * density())),
    height: Math.max(1, Math.round(host.clientHeight * density())),
  });
  const game = new Phaser.Game({
    // A few hundred lines a frame are little to a 2D canvas, which also smooths them. WebGL without a
    // graphics card, as in many a classroom, is seven times slower.
    type: Phaser.CANVAS,
    parent: host,
    ...size(),
    scale: { mode: Phaser.Scale.NONE },
    input: { keyboard: false, mouse: false, touch: false, gamepad: false },
    audio: { noAudio: true },
    banner: false,
    scene,
  });

  const resize = new ResizeObserver(() => {
    const { width, height } = size();
    game.scale.resize(width, height);
    game.canvas.style.width = game.canvas.style.height = "100%";
  });
  resize.observe(host);
  const repaint = () => scene.repaint();
  const theme = new MutationObserver(repaint);
  theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });

  const place = (event: PointerEvent) => {
    const box = host.getBoundingClientRect();
    return scene.at((event.clientX - box.left) * density(), (event.clientY - box.top) * density());
  };
  const down = (event: PointerEvent) => {
    host.setPointerCapture(event.pointerId);
    const { x, y } = place(event);
    controls.point(x, y, true);
  };
  const move = (event: PointerEvent) => {
    const { x, y } = place(event);
    if (controls.pointer) controls.point(x, y, false);
    else controls.onHover(x, y);
  };
  const up = () => controls.lift();
  host.addEventListener("pointerdown", down);
  host.addEventListener("pointermove", move);
  host.addEventListener("pointerup", up);
  host.addEventListener("pointercancel", up);

  return {
    scene,
    unmount() {
      resize.disconnect();
      theme.disconnect();
      host.removeEventListener("pointerdown", down);
      host.removeEventListener("pointermove", move);
      host.removeEventListener("pointerup", up);
      host.removeEventListener("pointercancel", up);
      game.destroy(true);
    },
  };
}
