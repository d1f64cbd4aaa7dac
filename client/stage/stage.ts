import Phaser from "phaser";
import type { Level } from "../../shared/worlds/level.ts";
import { type Colours, readColours } from "../drawing/colours.ts";
import { Frame } from "../drawing/frame.ts";
import { presentationOf } from "../worlds/index.ts";
import { type Activity, nothing, type View } from "./activity.ts";
import type { Controls } from "./controls.ts";
import { drawAgent, drawCursor, drawFall, drawRing, drawTracks, drawTrail } from "./draw.ts";
import { drawField } from "./draw-arrows.ts";
import { closeUp, type Feeling } from "./feeling.ts";
import { paintHeat, paintMap, paintTrail } from "./ground.ts";
import { drawGust, drawPuff, shakeOf } from "./jolt.ts";
import { paintPrimitives } from "./primitives.ts";

/** How many times larger the world is from close by. */
const closeness = 1.9;
/** How far ahead of the car one looks from close by, in the world's units, and how fast the eye follows, 1/s. */
const lead = 1.5;
const eagerness = 7;

/** The one place where Phaser runs: draws a world and whatever goes on in it. */
export class StageScene extends Phaser.Scene {
  /** What is going on; asked for a view once a frame. */
  activity: Activity | null = null;
  /** Whether time stands still. */
  paused = false;
  /** Called when the world has moved under the pointer. */
  onScroll: () => void = () => {};
  readonly #home: Level;
  readonly #stillness = matchMedia("(prefers-reduced-motion: reduce)");
  #world: Level;
  #zoom = 1;
  /** Where the camera is from close by, pixels from the ground's upper left corner. */
  #eye = { x: 0, y: 0 };
  #colours: Colours = readColours();
  #frame: Frame | null = null;
  #ground!: Phaser.Textures.CanvasTexture;
  #picture!: Phaser.GameObjects.Image;
  #action!: Phaser.GameObjects.Graphics;
  /** What the ground was painted for. */
  #painted: Pick<View, "background" | "map" | "heat"> = nothing;
  /** What the canvas shows: what was drawn on the ground, and from where; null where the ground is another. */
  #shown: { readonly drawn: readonly unknown[]; readonly x: number; readonly y: number } | null =
    null;

  constructor(world: Level) {
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
    this.#frame = new Frame(this.#world.picture, width * this.#zoom, height * this.#zoom);
    this.cameras.main.setSize(width, height).setBackgroundColor(this.#colours.paper);
    this.#ground.setSize(width * this.#zoom, height * this.#zoom);
    this.#picture.setTexture("ground");
    this.#paint(this.#painted);
  }

  /** The world's point under a pixel of the canvas. */
  at(px: number, py: number): { x: number; y: number } {
    return this.#frame?.at(px + this.#eye.x, py + this.#eye.y) ?? { x: 0, y: 0 };
  }

  override update(_time: number, milliseconds: number): void {
    const world = this.activity?.world ?? this.#home;
    if (world !== this.#world) {
      this.#world = world;
      this.repaint();
    }
    if (!this.#frame) return;
    const view = this.activity?.frame(this.paused ? 0 : milliseconds / 1000) ?? nothing;
    const { feeling } = view;
    const { hasCloseUp } = presentationOf(world);
    const zoom = closeUp.peek() && feeling && hasCloseUp ? closeness : 1;
    const turnedTo = zoom !== this.#zoom;
    if (turnedTo) {
      this.#zoom = zoom;
      this.repaint();
    }
    const frame = this.#frame;
    this.#follow(feeling, turnedTo ? 1 : eagerness * Math.min(0.1, milliseconds / 1000));
    const { background, map, heat } = this.#painted;
    if (view.background !== background || view.map !== map || view.heat !== heat) {
      this.#paint(view);
    }
    this.#action.clear();
    if (view.field) drawField(this.#action, view.field, frame, this.#colours);
    for (const { points, style } of view.trails) {
      if (style === "past") drawTracks(this.#action, world, points, frame, this.#colours);
    }
    for (const trail of view.trails) drawTrail(this.#action, trail, frame, this.#colours);
    for (const fall of view.falls) drawFall(this.#action, fall, frame, this.#colours);
    for (const agent of view.agents) {
      drawAgent(this.#action, this.#world, agent, frame, this.#colours);
    }
    if (feeling?.fall && !this.#stillness.matches)
      drawPuff(this.#action, feeling.fall, frame, this.#colours);
    if (feeling?.gust)
      drawGust(this.#action, feeling.gust, !this.#stillness.matches, frame, this.#colours);
    if (view.ring) drawRing(this.#action, view.ring, this.#world.picture, frame, this.#colours);
    if (view.cursor) drawCursor(this.#action, view.cursor, frame, this.#colours);
    this.#show();
  }

  /** Has the canvas rendered only where it would show something else: a picture at rest costs little. */
  #show(): void {
    const { scrollX: x, scrollY: y } = this.cameras.main;
    const drawn = this.#action.commandBuffer;
    const shown = this.#shown;
    const same =
      shown?.x === x &&
      shown.y === y &&
      shown.drawn.length === drawn.length &&
      drawn.every((command, i) => command === shown.drawn[i]);
    if (!same) this.#shown = { drawn: drawn.slice(), x, y };
    this.sys.setVisible(!same);
  }

  /**
   * Turns the camera to whoever drives: from close by it looks ahead of them, and a fall shakes it.
   * @param share how much of the way to there it goes
   */
  #follow(feeling: Feeling | undefined, share: number): void {
    const camera = this.cameras.main;
    const frame = this.#frame!;
    const eye = this.#eye;
    const { x, y } = eye;
    if (feeling && this.#zoom > 1) {
      const { pose } = feeling;
      const to = (middle: number, size: number) =>
        Math.min((this.#zoom - 1) * size, Math.max(0, middle - size / 2));
      const toX = to(frame.x(pose.x + lead * Math.cos(pose.heading!)), camera.width);
      const toY = to(frame.y(pose.y + lead * Math.sin(pose.heading!)), camera.height);
      eye.x += share * (toX - eye.x);
      eye.y += share * (toY - eye.y);
    } else eye.x = eye.y = 0;
    const shake = feeling && !this.#stillness.matches ? shakeOf(feeling) * frame.scale : 0;
    camera.setScroll(eye.x + shake, eye.y);
    if (eye.x !== x || eye.y !== y) this.onScroll();
  }

  #paint({ background, map, heat }: Pick<View, "background" | "map" | "heat">): void {
    const frame = this.#frame!;
    this.#painted = { background, map, heat };
    this.#shown = null;
    const { context } = this.#ground.clear();
    const { picture } = this.#world;
    const ground = presentationOf(this.#world).ground(picture);
    paintPrimitives(context, ground, frame, this.#colours);
    if (map) paintMap(context, map, this.#world, frame, this.#colours);
    for (const one of heat ?? []) paintHeat(context, one, frame, this.#colours);
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
  world: Level,
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
    // The camera covers all of it, and what is not rendered is to stay.
    clearBeforeRender: false,
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
  // Which does not bubble.
  host.addEventListener("contextrestored", repaint, true);

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
      host.removeEventListener("contextrestored", repaint, true);
      host.removeEventListener("pointerdown", down);
      host.removeEventListener("pointermove", move);
      host.removeEventListener("pointerup", up);
      host.removeEventListener("pointercancel", up);
      game.destroy(true);
    },
  };
}
